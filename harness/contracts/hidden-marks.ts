/**
 * Marks that reorder or hide what stands beside them, and line breaks that are none to a terminal. Apart, because reports
 * leave out exactly what no path may hold: a command that was printed without them would not find its file.
 */
export const hiddenMarks = /[\u061c\u200b\u200e\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069\ufeff]/g
