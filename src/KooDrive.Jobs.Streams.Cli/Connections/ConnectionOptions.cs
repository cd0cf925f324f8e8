using System.CommandLine;
using System.CommandLine.Parsing;
using KooDrive.Jobs.Streams.Cli.Execution;
using KooDrive.Jobs.Streams.Cli.Parsing;
using KooDrive.Jobs.Streams.Emulator;

namespace KooDrive.Jobs.Streams.Cli.Connections;

/// <summary>The options of every command that connects to a server.</summary>
internal sealed class ConnectionOptions
{
    private readonly Option<string> _endpoint = new("--endpoint")
    {
        HelpName = "URL",
        Description = "Base address of the server [KOODRIVE_ENDPOINT]",
    };

    private readonly Option<string[]> _userId;
    private readonly CredentialOptions _credential;

    private readonly Option<string> _authorizationPrefix = new("--authorization-prefix")
    {
        HelpName = "TEXT",
        Description = "Default Bearer+ [KOODRIVE_AUTHORIZATION_PREFIX]",
    };

    private readonly Option<string> _language = new("--language")
    {
        HelpName = "TAG",
        Description = "Default en-US [KOODRIVE_LANGUAGE]",
    };

    private readonly Option<bool> _allowHttp = OptionValues.Flag("--allow-http", "Send the credential unencrypted to other hosts");

    private readonly Option<bool> _emulator = OptionValues.Flag("--emulator", "Use an emulator in this process as the server");

    private readonly Option<bool> _verbose;

    /// <summary>The names of these options, which the help of each command lists last.</summary>
    public static IReadOnlyCollection<string> Names { get; } =
        [.. new ConnectionOptions(new Command("any"), new Option<bool>("--any")).All.Select(option => option.Name)];

    /// <param name="command">The command to which the options are added.</param>
    /// <param name="verbose">The option that turns on log messages.</param>
    /// <param name="severalUsers">Whether the command accepts more than one user.</param>
    public ConnectionOptions(Command command, Option<bool> verbose, bool severalUsers = false)
    {
        _verbose = verbose;
        string userId = severalUsers ? "Id of a user, repeatable [KOODRIVE_USER_ID]" : "Id of the KooDrive user [KOODRIVE_USER_ID]";
        _userId = new TextsOption("--user-id", severalUsers) { HelpName = "ID", Description = userId };
        _credential = new CredentialOptions(severalUsers);
        foreach (Option option in All)
        {
            command.Add(option);
        }

        command.Validators.Add(RejectServerWithEmulator);
    }

    private IEnumerable<Option> All => [_emulator, .. ServerOptions, _allowHttp];

    private IEnumerable<Option> ServerOptions => [_endpoint, _userId, .. _credential.All, _authorizationPrefix, _language];

    /// <summary>Creates a client of the server, or starts an emulator and creates a client of the emulator. Sends no request.</summary>
    /// <exception cref="UsageException">An option is missing or not valid.</exception>
    public async Task<Connection> OpenAsync(
        ParseResult parsed,
        CommandEnvironment environment,
        CancellationToken cancellationToken,
        Action<JobsEmulatorOptions>? configureEmulator = null)
    {
        bool verbose = parsed.GetValue(_verbose);
        if (parsed.GetValue(_emulator))
        {
            return await Connection.ToEmulatorAsync(environment, verbose, configureEmulator, cancellationToken);
        }

        // All problems are reported together.
        var errors = new List<string>();
        var options = new JobsClientOptions
        {
            Endpoint = await CollectAsync(errors, () => Task.FromResult(ReadEndpoint(parsed, environment))),
            AllowHttp = parsed.GetValue(_allowHttp),
        };
        string[]? userIds = await CollectAsync(errors, () => Task.FromResult(ReadUserIds(parsed, environment)));
        JobsCredential[]? credentials = await CollectAsync(errors, () => _credential.ReadAsync(parsed, environment, userIds?.Length ?? 1, cancellationToken));
        if (errors.Count > 0 || userIds is null || credentials is null)
        {
            throw new UsageException(errors);
        }

        options.AuthorizationPrefix = Read(parsed, _authorizationPrefix, environment, "KOODRIVE_AUTHORIZATION_PREFIX") ?? options.AuthorizationPrefix;
        options.Language = Read(parsed, _language, environment, "KOODRIVE_LANGUAGE") ?? options.Language;
        return Connection.ToServer(options, [.. userIds.Zip(credentials, (userId, credential) => new UserCredential(userId, credential))], environment, verbose);
    }

    private static async Task<T?> CollectAsync<T>(List<string> errors, Func<Task<T>> read)
        where T : class
    {
        try
        {
            return await read();
        }
        catch (UsageException exception)
        {
            errors.Add(exception.Message);
            return null;
        }
    }

    private static string? Read(ParseResult parsed, Option<string> option, CommandEnvironment environment, string variable) =>
        parsed.GetValue(option) ?? (environment.Variable(variable) is { Length: > 0 } value ? value : null);

    private Uri ReadEndpoint(ParseResult parsed, CommandEnvironment environment)
    {
        string text = Read(parsed, _endpoint, environment, "KOODRIVE_ENDPOINT")
            ?? throw new UsageException("No server is specified. Specify --endpoint URL, set KOODRIVE_ENDPOINT, or use --emulator.");
        string source = parsed.GetValue(_endpoint) is null ? "KOODRIVE_ENDPOINT" : "--endpoint";
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? endpoint) || (endpoint.Scheme != Uri.UriSchemeHttps && endpoint.Scheme != Uri.UriSchemeHttp))
        {
            throw new UsageException($"{source}: '{WithoutUserInfo(text)}' is not a base address like https://intl.myhuaweicloud-koodrive.com.");
        }

        return endpoint.Scheme == Uri.UriSchemeHttps || endpoint.IsLoopback || parsed.GetValue(_allowHttp)
            ? endpoint
            : throw new UsageException($"{source}: Plain http to {endpoint.Host} would send the credential unencrypted. Use https, or add --allow-http.");
    }

    // The text before an at sign may contain a password.
    private static string WithoutUserInfo(string text)
    {
        int at = text.LastIndexOf('@');
        int scheme = text.IndexOf("://", StringComparison.Ordinal) + 3;
        return at < 0 ? text : (scheme < 3 || scheme > at ? "" : text[..scheme]) + "***" + text[at..];
    }

    private string[] ReadUserIds(ParseResult parsed, CommandEnvironment environment)
    {
        string[] userIds = parsed.GetValue(_userId) is { Length: > 0 } specified ? specified
            : environment.Variable("KOODRIVE_USER_ID") is { Length: > 0 } variable ? [variable]
            : throw new UsageException("No user id is specified. Specify --user-id ID or set KOODRIVE_USER_ID.");
        string? duplicate = userIds.GroupBy(userId => userId).FirstOrDefault(group => group.Count() > 1)?.Key;
        return duplicate is null ? userIds : throw new UsageException($"--user-id: '{duplicate}' is specified more than once. Specify each user once.");
    }

    private void RejectServerWithEmulator(CommandResult command)
    {
        if (!command.GetValue(_emulator))
        {
            return;
        }

        foreach (Option option in ServerOptions.Where(option => command.GetResult(option) is not null))
        {
            command.AddError($"{option.Name} cannot be combined with --emulator. Omit one of them.");
        }
    }
}
