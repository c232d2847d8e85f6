/** How much memory a worker may take where nobody says it, in megabytes. Apart from the options, for it is needed before they are loaded. */
export const memoryMaxDefaultMb = 1_024
