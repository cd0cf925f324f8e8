using KooDrive.Jobs.Streams.Cli.Execution;
using KooDrive.Jobs.Streams.Emulator;
using Microsoft.Extensions.Logging;

namespace KooDrive.Jobs.Streams.Cli.Connections;

/// <summary>The clients of the users of a command, with the emulator and the logger factory that they use.</summary>
internal sealed class Connection : IAsyncDisposable
{
    /// <summary>The default number of sample jobs of an emulator, enough for several pages.</summary>
    public const int SampleJobCount = 250;

    private readonly JobsEmulator? _emulator;
    private readonly LoggerFactory? _loggerFactory;

    private readonly IReadOnlyList<(string UserId, JobsClient Client)> _users;
    private readonly List<Account> _accounts = [];

    private Connection(JobsClientOptions options, IReadOnlyList<UserCredential> users, JobsEmulator? emulator, LoggerFactory? loggerFactory)
    {
        JobsClientServices? services = loggerFactory is null ? null : new JobsClientServices { LoggerFactory = loggerFactory };
        Client = new JobsClient(options, users[0].Credential, services);
        _users = [(users[0].UserId, Client), .. users.Skip(1).Select(user => (user.UserId, Client.ForUser(user.UserId, user.Credential)))];
        _emulator = emulator;
        _loggerFactory = loggerFactory;
    }

    /// <summary>The client of the first user.</summary>
    public JobsClient Client { get; }

    public bool IsEmulator => _emulator is not null;

    /// <summary>Creates a client of a server for each user. The clients share connections. Sends no request.</summary>
    /// <exception cref="UsageException">The client rejects the options or a user id.</exception>
    public static Connection ToServer(JobsClientOptions options, IReadOnlyList<UserCredential> users, CommandEnvironment environment, bool verbose)
    {
        LoggerFactory? loggerFactory = CreateLoggerFactory(environment, verbose);
        try
        {
            options.UserId = users[0].UserId;
            return new Connection(options, users, emulator: null, loggerFactory);
        }
        catch (JobsOptionsException exception)
        {
            loggerFactory?.Dispose();
            throw new UsageException(exception.Failures.Select(OptionNames.Translate));
        }
        catch (ArgumentException exception)
        {
            loggerFactory?.Dispose();
            throw new UsageException("--user-id", exception);
        }
    }

    /// <summary>Starts an emulator in this process and creates a client of it.</summary>
    public static async Task<Connection> ToEmulatorAsync(
        CommandEnvironment environment, bool verbose, Action<JobsEmulatorOptions>? configure, CancellationToken cancellationToken)
    {
        var settings = new JobsEmulatorOptions { SampleJobCount = SampleJobCount };
        configure?.Invoke(settings);
        JobsEmulator emulator = await JobsEmulator.StartAsync(settings, cancellationToken: cancellationToken);
        string address = emulator.Endpoint.GetLeftPart(UriPartial.Authority);
        await environment.Error.WriteLineAsync($"Using an emulator in this process at {address} with {settings.SampleJobCount} sample jobs.");
        var options = new JobsClientOptions
        {
            Endpoint = emulator.Endpoint,
            UserId = settings.UserId,
            AuthorizationPrefix = settings.AuthorizationPrefix,
        };
        var user = new UserCredential(settings.UserId, new AccessTokenCredential(settings.AccessToken));
        return new Connection(options, [user], emulator, CreateLoggerFactory(environment, verbose));
    }

    /// <summary>Creates a watch of the jobs of the first user. Sends no request.</summary>
    /// <exception cref="UsageException">The watch rejects the options.</exception>
    public JobWatch Watch(JobWatchOptions options) => Watch(Client, options);

    /// <summary>Creates a watch of the jobs of each user. Sends no request. The connection disposes the watches.</summary>
    /// <exception cref="UsageException">The watch rejects the options.</exception>
    public IReadOnlyList<Account> WatchAccounts(JobWatchOptions options)
    {
        _accounts.AddRange(_users.Select(user => new Account(user.UserId, Watch(user.Client, options))));
        return _accounts;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (Account account in _accounts)
        {
            await account.Watch.DisposeAsync();
        }

        Client.Dispose();
        if (_emulator is not null)
        {
            await _emulator.DisposeAsync();
        }

        _loggerFactory?.Dispose();
    }

    private static LoggerFactory? CreateLoggerFactory(CommandEnvironment environment, bool verbose) =>
        verbose ? new LoggerFactory([new ErrorLoggerProvider(environment)], new LoggerFilterOptions { MinLevel = LogLevel.Debug }) : null;

    private static JobWatch Watch(JobsClient client, JobWatchOptions options)
    {
        try
        {
            return client.WatchJobs(options);
        }
        catch (JobsOptionsException exception)
        {
            throw new UsageException(exception.Failures.Select(OptionNames.Translate));
        }
    }
}
