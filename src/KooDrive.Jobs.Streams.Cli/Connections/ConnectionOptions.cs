using System.CommandLine;
using System.CommandLine.Parsing;
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

    private readonly Option<string> _userId = new("--user-id") { HelpName = "ID", Description = "Id of the KooDrive user [KOODRIVE_USER_ID]" };

    private readonly CredentialOptions _credential = new();

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

    private readonly Option<bool> _allowHttp = new("--allow-http")
    {
        Description = "Send the credential unencrypted to other hosts",
    };

    private readonly Option<bool> _emulator = new("--emulator")
    {
        Description = "Use an emulator in this process as the server",
    };

    private readonly Option<bool> _verbose;

    /// <summary>The names of these options, which the help of each command lists last.</summary>
    public static IReadOnlyCollection<string> Names { get; } =
        [.. new ConnectionOptions(new Command("any"), new Option<bool>("--any")).All.Select(option => option.Name)];

    public ConnectionOptions(Command command, Option<bool> verbose)
    {
        _verbose = verbose;
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
            UserId = await CollectAsync(errors, () => Task.FromResult(ReadUserId(parsed, environment))),
        };
        JobsCredential? credential = await CollectAsync(errors, () => _credential.ReadAsync(parsed, environment, cancellationToken));
        if (errors.Count > 0 || credential is null)
        {
            throw new UsageException(errors);
        }

        options.AuthorizationPrefix = Read(parsed, _authorizationPrefix, environment, "KOODRIVE_AUTHORIZATION_PREFIX") ?? options.AuthorizationPrefix;
        options.Language = Read(parsed, _language, environment, "KOODRIVE_LANGUAGE") ?? options.Language;
        return Connection.ToServer(options, credential, environment, verbose);
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

    private string ReadUserId(ParseResult parsed, CommandEnvironment environment) => Read(parsed, _userId, environment, "KOODRIVE_USER_ID")
        ?? throw new UsageException("No user id is specified. Specify --user-id ID or set KOODRIVE_USER_ID.");

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
