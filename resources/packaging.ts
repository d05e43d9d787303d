/** What the plugin beside this file runs. */
export { completeTemplate } from './complete-template.ts';
export { settingProblems, settingsOf } from './settings.ts';
export { visibilityProblems } from './visibility.ts';
