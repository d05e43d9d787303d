/** What the plugin beside this file runs. */
export { completeTemplate } from './complete-template.ts';
export { environmentProblems } from './environment.ts';
export { frameworkKeys } from './framework-keys.ts';
export { openingProblems, openStageWarning, recipientsOf } from './recipients.ts';
export { settingProblems, settingsOf } from './settings.ts';
export { visibilityProblems } from './visibility.ts';
