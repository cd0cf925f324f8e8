using KooDrive.Jobs.Streams.Cli.Commands;
using KooDrive.Jobs.Streams.Emulator;
using Microsoft.Extensions.Logging;

namespace KooDrive.Jobs.Streams.Cli.Connections;

/// <summary>A client with the emulator and the logger factory that it uses.</summary>
internal sealed class Connection : IAsyncDisposable
{
    private readonly JobsEmulator? _emulator;
    private readonly LoggerFactory? _loggerFactory;

    private Connection(JobsClientOptions options, JobsCredential credential, JobsEmulator? emulator, LoggerFactory? loggerFactory)
    {
        var services = loggerFactory is null ? null : new JobsClientServices { LoggerFactory = loggerFactory };
        Client = new JobsClient(options, credential, services);
        _emulator = emulator;
        _loggerFactory = loggerFactory;
    }

    public JobsClient Client { get; }

    public bool IsEmulator => _emulator is not null;

    /// <summary>Creates a client of a server. Sends no request.</summary>
    /// <exception cref="UsageException">The client rejects the options.</exception>
    public static Connection ToServer(JobsClientOptions options, JobsCredential credential, CommandEnvironment environment, bool verbose)
    {
        LoggerFactory? loggerFactory = CreateLoggerFactory(environment, verbose);
        try
        {
            return new Connection(options, credential, emulator: null, loggerFactory);
        }
        catch (JobsOptionsException exception)
        {
            loggerFactory?.Dispose();
            throw new UsageException(exception.Failures.Select(OptionNames.Translate));
        }
    }

    /// <summary>Starts an emulator in this process and creates a client of it.</summary>
    public static async Task<Connection> ToEmulatorAsync(
        CommandEnvironment environment, bool verbose, Action<JobsEmulatorOptions>? configure, CancellationToken cancellationToken)
    {
        var settings = new JobsEmulatorOptions { SampleJobCount = EmulatorCommand.SampleJobs };
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
        return new Connection(options, new AccessTokenCredential(settings.AccessToken), emulator, CreateLoggerFactory(environment, verbose));
    }

    /// <summary>Creates a watch of the jobs. Sends no request.</summary>
    /// <exception cref="UsageException">The watch rejects the options.</exception>
    public JobWatch Watch(JobWatchOptions options)
    {
        try
        {
            return Client.WatchJobs(options);
        }
        catch (JobsOptionsException exception)
        {
            throw new UsageException(exception.Failures.Select(OptionNames.Translate));
        }
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (_emulator is not null)
        {
            await _emulator.DisposeAsync();
        }

        _loggerFactory?.Dispose();
    }

    private static LoggerFactory? CreateLoggerFactory(CommandEnvironment environment, bool verbose) =>
        verbose ? new LoggerFactory([new ErrorLoggerProvider(environment)], new LoggerFilterOptions { MinLevel = LogLevel.Debug }) : null;
}
