using System.Net;
using KooDrive.Jobs.Streams.Emulator.Api;
using KooDrive.Jobs.Streams.Emulator.Life;
using KooDrive.Jobs.Streams.Emulator.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace KooDrive.Jobs.Streams.Emulator;

/// <summary>A KooDrive to develop and test against: <c>GET /koodrive/ose/v1/jobs</c> over HTTP on 127.0.0.1.</summary>
/// <remarks>
/// <para>
/// It is as strict as the API document. A request needs <c>Authorization</c> (a token or the signature of an app), <c>X-User-Id</c>,
/// <c>X-Date</c> (UTC, at most 15 minutes ago and not in the future), <c>offset</c> and <c>limit</c>; what it gives besides must be
/// in range. Otherwise the answer is 400 or 401 with a code and a message. Where the document contradicts itself, an option decides.
/// </para>
/// <para>The members are thread safe and meant to be used while the emulator runs. They stay readable after it was disposed.</para>
/// </remarks>
/// <example>
/// <code>
/// await using JobsEmulator emulator = await JobsEmulator.StartAsync();
/// EmulatedJob job = emulator.Jobs.Add(taskType: 2, actionType: 201);
/// emulator.Jobs.Start(job.TaskId);
/// emulator.Faults.Next(EmulatorFault.Fail(500));
/// </code>
/// </example>
public sealed class JobsEmulator : IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly JobsApi _api;

    // Both are set by StartAsync, before anybody else sees the emulator.
    private Uri? _endpoint;
    private ScriptedLife? _life;

    private JobsEmulator(JobsEmulatorOptions options, TimeProvider timeProvider, JobClock clock)
    {
        Jobs = new EmulatedJobStore(clock);
        Credentials = new EmulatorCredentials(options, timeProvider);
        Requests = new EmulatorRequestLog(options.RequestLogCapacity);
        _api = new JobsApi(options, timeProvider, Jobs, Credentials, Faults, Requests);
        _server = BuildServer(options.Port);
    }

    /// <summary>Where it listens: <c>http://127.0.0.1:PORT</c>.</summary>
    public Uri Endpoint => _endpoint!;

    /// <summary>The jobs that it serves.</summary>
    public EmulatedJobStore Jobs { get; }

    /// <summary>What goes wrong.</summary>
    public EmulatorFaults Faults { get; } = new();

    /// <summary>The requests that it received.</summary>
    public EmulatorRequestLog Requests { get; }

    /// <summary>Whom it lets in.</summary>
    public EmulatorCredentials Credentials { get; }

    /// <summary>
    /// Called with each request before it is looked at, and awaited: the place to change the list between two pages. Default
    /// <see langword="null"/>.
    /// </summary>
    /// <remarks>
    /// Called for several requests at a time when several are in flight. The token is canceled when the client gives up or the
    /// emulator stops. What it throws becomes an answer of 500 whose message tells it.
    /// </remarks>
    public Func<EmulatorRequest, CancellationToken, ValueTask>? BeforeAnswer
    {
        get => _api.BeforeAnswer;
        set => _api.BeforeAnswer = value;
    }

    /// <summary>Starts an emulator.</summary>
    /// <param name="options">How it listens, whom it lets in and what it holds. Default: <see cref="JobsEmulatorOptions"/> as made.</param>
    /// <param name="timeProvider">The clock of everything it does. Default: the system's.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    /// <returns>An emulator that answers.</returns>
    /// <exception cref="ArgumentException">The options are not valid; the message names every problem.</exception>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<JobsEmulator> StartAsync(
        JobsEmulatorOptions? options = null, TimeProvider? timeProvider = null, CancellationToken cancellationToken = default)
    {
        JobsEmulatorOptions validated = (options ?? new JobsEmulatorOptions()).Validated();
        timeProvider ??= TimeProvider.System;
        var clock = new JobClock(timeProvider, validated.TimestampOffset);
        var emulator = new JobsEmulator(validated, timeProvider, clock);
        try
        {
            InitialJobs.AddTo(emulator.Jobs, validated);
            await emulator._server.StartAsync(cancellationToken).ConfigureAwait(false);
            emulator._endpoint = new Uri(emulator._server.Urls.First());
            emulator._life = validated.Speed > 0 ? new ScriptedLife(emulator.Jobs, clock, validated, timeProvider) : null;
            return emulator;
        }
        catch
        {
            // Whatever the reason, it is the caller's to see, and the half-started server ours to end.
            await emulator.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Stops at once: requests that are being answered, or never will be, are broken off.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_life is not null)
        {
            await _life.DisposeAsync().ConfigureAwait(false);
        }

        // Kestrel waits for requests in flight as long as this token is not canceled.
        await _server.StopAsync(new CancellationToken(canceled: true)).ConfigureAwait(false);
        await _server.DisposeAsync().ConfigureAwait(false);
    }

    private WebApplication BuildServer(int port)
    {
        // The empty builder reads no configuration, environment or command line, so nothing outside changes what is served.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;

            // An answer that drips or hangs was ordered.
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Listen(IPAddress.Loopback, port, listen =>
            {
                listen.Protocols = HttpProtocols.Http1;
                listen.Use(next => connection =>
                {
                    Requests.ConnectionAccepted();
                    return next(connection);
                });
            });
        });

        WebApplication server = builder.Build();
        server.Run(_api.HandleAsync);
        return server;
    }
}
