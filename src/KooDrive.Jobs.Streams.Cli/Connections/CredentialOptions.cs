using System.CommandLine;
using KooDrive.Jobs.Streams.Cli.Execution;
using KooDrive.Jobs.Streams.Cli.Output;
using KooDrive.Jobs.Streams.Cli.Parsing;

namespace KooDrive.Jobs.Streams.Cli.Connections;

/// <summary>The options of the credential, a token or an app. Environment variables are used if no option is specified.</summary>
internal sealed class CredentialOptions
{
    // Long enough for a process that starts with the command and writes the token, short enough to report a mistyped file name.
    private static readonly TimeSpan TokenTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan TokenInterval = TimeSpan.FromSeconds(0.25);

    private readonly Option<string[]> _tokenFile;

    private readonly Option<string> _appId = new("--app-id")
    {
        HelpName = "ID",
        Description = "Sign requests as this app [KOODRIVE_APP_ID]",
    };

    private readonly Option<string> _appSecretFile = new("--app-secret-file")
    {
        HelpName = "FILE",
        Description = "File with its secret [KOODRIVE_APP_SECRET]",
    };

    /// <param name="severalUsers">Whether the command accepts more than one user, and a token file for each user.</param>
    public CredentialOptions(bool severalUsers)
    {
        string tokenFile = severalUsers ? "Token file, or one per user [KOODRIVE_TOKEN]" : "File with token, - for stdin [KOODRIVE_TOKEN]";
        _tokenFile = new TextsOption("--token-file", severalUsers) { HelpName = "FILE", Description = tokenFile };
    }

    public IEnumerable<Option> All => [_tokenFile, _appId, _appSecretFile];

    /// <summary>Creates the credential of each user. Users share a credential, unless a token file is specified for each user, in the order of the users.</summary>
    /// <exception cref="UsageException">
    /// No credential or credentials of several kinds are specified, a credential is incomplete or cannot be read, or the number of token files is wrong.
    /// </exception>
    public async Task<JobsCredential[]> ReadAsync(ParseResult parsed, CommandEnvironment environment, int userCount, CancellationToken cancellationToken)
    {
        string[] tokenFiles = parsed.GetValue(_tokenFile) ?? [];
        if (tokenFiles.Length <= 1)
        {
            JobsCredential credential = await ReadAsync(parsed, environment, tokenFiles.FirstOrDefault(), cancellationToken);
            return [.. Enumerable.Repeat(credential, userCount)];
        }

        if (tokenFiles.Length != userCount)
        {
            throw new UsageException(
                $"--token-file: {tokenFiles.Length} files are specified for {(userCount == 1 ? "1 user" : $"{userCount} users")}. Specify one file for all users, or one for each --user-id in the same order.");
        }

        if (tokenFiles.Count(file => file == "-") > 1)
        {
            throw new UsageException("--token-file: Standard input (-) is specified more than once. It contains one token only.");
        }

        var credentials = new List<JobsCredential>();
        foreach (string tokenFile in tokenFiles)
        {
            credentials.Add(await ReadAsync(parsed, environment, tokenFile, cancellationToken));
        }

        return [.. credentials];
    }

    private async Task<JobsCredential> ReadAsync(ParseResult parsed, CommandEnvironment environment, string? tokenFile, CancellationToken cancellationToken)
    {
        bool usesApp = parsed.GetValue(_appId) is not null || parsed.GetValue(_appSecretFile) is not null;
        string? token = Variable("KOODRIVE_TOKEN");
        string? appId = parsed.GetValue(_appId) ?? Variable("KOODRIVE_APP_ID");
        string? appSecretFile = parsed.GetValue(_appSecretFile);
        string? appSecret = Variable("KOODRIVE_APP_SECRET");

        // An option overrides the environment. Two credentials from the same source contradict each other.
        if (tokenFile is not null)
        {
            return usesApp
                ? throw new UsageException("--token-file cannot be combined with --app-id or --app-secret-file. Specify one credential only.")
                : await ReadTokenAsync(
                    new SecretFile("--token-file", tokenFile),
                    environment,
                    parsed.CommandResult.Command is IReadsOnce ? TimeSpan.Zero : TokenTimeout,
                    cancellationToken);
        }

        if (!usesApp && token is not null)
        {
            return appId is not null || appSecret is not null
                ? throw new UsageException("KOODRIVE_TOKEN and KOODRIVE_APP_ID are both set. Unset one of them, or specify --token-file or --app-id.")
                : Create("KOODRIVE_TOKEN", () => new AccessTokenCredential(token.Trim()));
        }

        if (appId is null && appSecretFile is null && appSecret is null)
        {
            throw new UsageException("No credential is specified. Specify --token-file FILE or set KOODRIVE_TOKEN. For app authentication, specify --app-id and --app-secret-file.");
        }

        if (appId is null)
        {
            throw new UsageException("App authentication also requires the app's id. Specify --app-id or set KOODRIVE_APP_ID.");
        }

        string secret = appSecretFile is not null
            ? await ReadFirstAsync(new SecretFile("--app-secret-file", appSecretFile), environment, TimeSpan.Zero, cancellationToken)
            : appSecret?.Trim() ?? throw new UsageException("App authentication also requires the app's secret. Specify --app-secret-file or set KOODRIVE_APP_SECRET.");
        return Create("--app-id", () => new AppCredential(appId, secret));

        string? Variable(string name) => environment.Variable(name) is { Length: > 0 } value ? value : null;
    }

    private static async Task<JobsCredential> ReadTokenAsync(
        SecretFile file, CommandEnvironment environment, TimeSpan timeout, CancellationToken cancellationToken)
    {
        string first = await ReadFirstAsync(file, environment, timeout, cancellationToken);
        JobsCredential fixedCredential = Create(file.Option, () => new AccessTokenCredential(first));
        if (!file.CanReadAgain)
        {
            return fixedCredential;
        }

        // The first token is the one that was just read, because a pipe, as in <(…), cannot be read twice.
        string? unused = first;
        return new AccessTokenCredential(async cancellation => Interlocked.Exchange(ref unused, null) ?? await ReadAgainAsync(file, environment, cancellation));
    }

    /// <exception cref="JobsAuthenticationException">
    /// The file has no valid token. The library does not wrap its own exceptions, so that all output has this message.
    /// </exception>
    private static async Task<string> ReadAgainAsync(SecretFile file, CommandEnvironment environment, CancellationToken cancellationToken)
    {
        try
        {
            string token = await file.ReadAsync(environment, cancellationToken);
            Create(file.Option, () => new AccessTokenCredential(token));
            return token;
        }
        catch (Exception exception) when (exception is CommandException or UsageException)
        {
            throw new JobsAuthenticationException(
                $"The server rejected the token, and no new token is available: {exception.Message} Write the new token to '{file.Path}'. "
                + "Each further request reads that file again.",
                exception);
        }
    }

    // Before the first request, a file that cannot be read is a usage error, unless the file is written before the timeout.
    private static async Task<string> ReadFirstAsync(
        SecretFile file, CommandEnvironment environment, TimeSpan timeout, CancellationToken cancellationToken)
    {
        long started = environment.Time.GetTimestamp();
        for (bool isReported = false; ; isReported = true)
        {
            try
            {
                return await file.ReadAsync(environment, cancellationToken);
            }
            catch (MissingSecretException exception) when (environment.Time.GetElapsedTime(started) < timeout)
            {
                if (!isReported)
                {
                    await environment.Error.WriteLineAsync($"koojobs: {PlainText.OneLine(exception.Message)} Waiting up to {timeout.TotalSeconds} s for the token.");
                }
            }
            catch (CommandException exception)
            {
                // A message about the content of a file states the remedy itself.
                throw new UsageException(exception.InnerException is null || !file.CanReadAgain ? exception.Message : $"{exception.Message} Specify a file that you can read.");
            }

            await Task.Delay(TokenInterval, environment.Time, cancellationToken);
        }
    }

    private static JobsCredential Create(string source, Func<JobsCredential> create)
    {
        try
        {
            return create();
        }
        catch (ArgumentException exception)
        {
            throw new UsageException(source, exception);
        }
    }
}
