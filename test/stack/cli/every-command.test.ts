import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allCommands, allGroups } from '../../support/cli-commands.ts';
import { emptyProject, type ProjectCopy } from '../../support/project-copy.ts';
import { relay, relayWith } from '../../support/relay-command.ts';
import { patienceMs } from '../../support/waiting.ts';

const escapeByte = '\u001b';
const register = ['webhook', 'register', '--topic', 'messages'];

let project: ProjectCopy;

beforeAll(async () => {
  project = await emptyProject();
});

afterAll(() => project.remove());

describe.each(allCommands())('relay $name', { timeout: patienceMs }, ({ name, summary, load }) => {
  it('shows two examples of itself first, then what it does and every global option', async () => {
    const { exitCode, stdout, stderr } = await relay(project, ...name.split(' '), '--help');

    const examples = stdout.split('Usage:')[0] ?? '';
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(examples.split(`$ npx relay ${name}`).length).toBeGreaterThan(2);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(summary);
    for (const option of ['--stage', '--region', '--profile', '--local', '--json', '--quiet', '--yes'])
      expect(stdout).toContain(option);
    expect(stdout).not.toContain(escapeByte);
  });

  it('ends with 2 and names its help when an option is unknown', async () => {
    const { exitCode, stdout, stderr } = await relay(project, ...name.split(' '), '--no-such-option');

    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain(`relay ${name} --help`);
  });

  it('says what is wrong as JSON, too', async () => {
    const { stderr } = await relay(project, ...name.split(' '), '--no-such-option', '--json');

    expect(JSON.parse(stderr)).toEqual({
      error: { code: 'usage', message: expect.stringContaining(`relay ${name} --help`) },
    });
  });

  it('has a result whose schema says everything that is in it', async () => {
    const { result } = await load();

    const schema = JSON.stringify(result.toJSONSchema({ unrepresentable: 'any' }));

    expect(schema).toContain('"additionalProperties":false');
  });
});

describe.each([...allGroups(), ''])('relay %s', { timeout: patienceMs }, (name) => {
  const words = name.split(' ').filter((word) => word !== '');

  it('shows its help and ends with 2 without a command', async () => {
    const { exitCode, stdout, stderr } = await relay(project, ...words);

    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain('Commands:');
  });

  it('names its help as JSON, too', async () => {
    const { exitCode, stdout, stderr } = await relay(project, ...words, '--json');

    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(JSON.parse(stderr)).toEqual({
      error: { code: 'usage', message: expect.stringContaining(['relay', ...words, '--help'].join(' ')) },
    });
  });

  it('suggests a command for one that is nearly right', async () => {
    const first =
      allCommands()
        .find((command) => command.name.startsWith(name))
        ?.name.split(' ')[words.length] ?? '';

    const { exitCode, stderr } = await relay(project, ...words, `${first}x`);

    expect(exitCode).toBe(2);
    expect(stderr).toContain(`Did you mean ${first}?`);
  });
});

describe('relay', { timeout: patienceMs }, () => {
  it('tells every exit code and the version', async () => {
    const help = await relay(project, 'help');
    const version = await relay(project, '--version');
    const short = [await relay(project, '-h'), await relay(project, '-v')];

    for (const code of [0, 1, 2, 3, 4, 5, 6, 130])
      expect(help.stdout).toMatch(new RegExp(`\\b${code} [a-z]`));
    expect(short).toEqual([help, version]);
    expect(version.stdout).toBe(`${JSON.parse(await project.read('package.json')).version}\n`);
  });

  it('has no colours when it is piped, not even when forced', async () => {
    const { stdout } = await relayWith({ env: { FORCE_COLOR: '3' } }, project, '--help');

    expect(stdout).not.toContain(escapeByte);
  });

  it.each([
    ['a region without a stage', ['--region', 'eu-west-1']],
    ['a profile without a stage', ['--profile', 'work']],
    ['a region that is none', ['--stage', 'dev', '--region', 'europe']],
    ['a stage that is none', ['--stage', '../dev']],
  ])('ends with 2 on %s', async (_, options) => {
    const { exitCode, stderr } = await relay(project, ...register, ...options);

    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/--(stage|region)/);
  });

  it('ends with 4 when there are no AWS credentials', async () => {
    const env = { AWS_EC2_METADATA_DISABLED: 'true' };

    const { exitCode, stderr } = await relayWith({ env }, project, ...register, '--stage', 'dev', '--json');

    expect(exitCode).toBe(4);
    expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'credentials' } });
  });

  it('reads .env of the project, where what is set already stays', async () => {
    await project.write('.env', 'AWS_REGION=nowhere\n');

    const fromFile = await relay(project, ...register, '--stage', 'dev');
    const overridden = await relayWith(
      { env: { AWS_REGION: 'neverland' } },
      project,
      ...register,
      '--stage',
      'dev',
    );
    await project.write('.env', '');

    expect(fromFile.stderr).toContain('"nowhere"');
    expect(overridden.stderr).toContain('"neverland"');
  });
});
