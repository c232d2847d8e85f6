/**
 * What tokens look like that secretlint's rules for Node 20 do not know, by what vendors publish of them. A shape is a beginning
 * that nothing else has, or a length and an alphabet as well.
 */
const hex = '[0-9a-fA-F]'

const beginnings = [
  // Payment and commerce.
  '[sr]k_(?:live|test)_',
  'whsec_',
  'sq0(?:atp|csp|idp)-',
  'shp(?:at|ca|pa|ss)_',
  'shippo_(?:live|test)_',
  'duffel_(?:live|test)_',
  // Models and what agents are made with.
  'sk-(?:proj|svcacct|admin|or-v1|ant-\\w{2,8})-',
  'gsk_',
  'xai-',
  'pplx-',
  'hf_',
  'r8_',
  'tvly-',
  'lsv2_(?:pt|sk)_',
  'pk-lf-',
  'sk-lf-',
  'nvapi-',
  'fw_',
  'tgp_v1_',
  // Code and its delivery.
  'gh[pousr]_',
  'github_pat_',
  'gl(?:pat|oas|dt|rt|cbt|ptt|ft|imt|agent|soat|ffct)-',
  'npm_',
  'pypi-AgE',
  'dckr_(?:pat|oat)_',
  'ATATT3',
  'ATCTT3',
  'CFPAT-',
  // Clouds and what runs on them.
  'GOCSPX-',
  'do[opr]_v1_',
  'dp\\.(?:pt|st|ct|sa|scim|audit)\\.',
  'hv[sbr]\\.',
  'pscale_(?:tkn|pw|oauth)_',
  'sbp_',
  'sb_secret_',
  'vc[apikr]_',
  'fo1_',
  'FlyV1 fm[12]_',
  'pul-',
  'rnd_',
  'tskey-',
  'AGE-SECRET-KEY-1',
  // Telemetry, mail, chat, work.
  'gl(?:sa|c)_',
  'NR(?:AK|JS|II|RA)-',
  'sntry[su]_',
  'phx_',
  'xkeysib-',
  'mlsn\\.',
  'xox[abeoprs]-',
  'xapp-',
  'lin_(?:api|oauth)_',
  'ntn_',
  'fig[dou]_',
  'PMAK-',
]

export const vendorShapes: readonly RegExp[] = [
  // With a digit in it, for a name of words may begin so too.
  new RegExp(`(?<![\\w-])(?:${beginnings.join('|')})(?=[\\w.=-]{0,64}\\d)[\\w.=-]{16,512}`, 'g'),
  /(?<![A-Za-z0-9_-])AIza[\w-]{35}(?![\w-])/g,
  /(?<![A-Za-z0-9])(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}(?![A-Za-z0-9])/g,
  /(?<![\w-])ya29\.[\w-]{20,512}/g,
  new RegExp(`(?<![\\w-])dapi${hex}{32}(?:-\\d)?(?![\\w-])`, 'g'),
  new RegExp(`(?<![\\w-])key-${hex}{32}(?![\\w-])`, 'g'),
  new RegExp(`(?<![A-Za-z0-9])SK${hex}{32}(?![A-Za-z0-9])`, 'g'),
  new RegExp(`(?<![\\w-])pat[A-Za-z0-9]{14}\\.${hex}{64}(?![\\w-])`, 'g'),
  /(?<![\w-])re_[A-Za-z0-9]{8}_[A-Za-z0-9]{16,40}(?![\w-])/g,
  /(?<![\w:])\d{8,10}:AA[\w-]{33}(?![\w-])/g,
  /(?<![\w.-])[MNO][\w-]{23,27}\.[\w-]{6}\.[\w-]{27,40}(?![\w-])/g,
]
