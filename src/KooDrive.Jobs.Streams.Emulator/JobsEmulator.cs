using System.Net;
using KooDrive.Jobs.Streams.Emulator.Api;
using KooDrive.Jobs.Streams.Emulator.Life;
using KooDrive.Jobs.Streams.Emulator.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace KooDrive.Jobs.Streams.Emulator;

/// <summary>A server for development and tests that emulates <c>GET /koodrive/ose/v1/jobs</c> over HTTP on 127.0.0.1.</summary>
/// <remarks>
/// <para>
/// The emulator is as strict as the API document. A request requires <c>Authorization</c> (a token or the signature of an app),
/// <c>X-User-Id</c>, <c>X-Date</c> (UTC, at most 15 minutes ago and not in the future), <c>offset</c> and <c>limit</c>. Optional parameters
/// must be in range. Otherwise the response is 400 or 401 with a code and a message. Where the document contradicts itself, an option
/// decides.
/// </para>
/// <para>The members are thread-safe and can be used while the emulator runs. They can still be read after the emulator is disposed.</para>
/// </remarks>
/// <example>
/// <code>
/// await using JobsEmulator emulator = await JobsEmulator.StartAsync();
/// EmulatedJob job = emulator.Jobs.Add(EmulatedJobType.BatchDeletion);
/// emulator.Jobs.Finish(job.TaskId, EmulatedJobResult.PartiallyFailed);
/// emulator.Faults.Next(EmulatorFault.Fail(500));
/// </code>
/// </example>
public sealed class JobsEmulator : IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly JobsApi _api;
    private readonly EmulatedUsers _users;

    // StartAsync sets both before it returns the emulator.
    private Uri? _endpoint;
    private JobLifeSimulator? _life;

    private JobsEmulator(JobsEmulatorOptions options, TimeProvider timeProvider, JobClock clock)
    {
        _users = new EmulatedUsers(clock);
        Jobs = _users.Add(options.UserId);
        Credentials = new EmulatorCredentials(options, timeProvider);
        Requests = new EmulatorRequestLog(options.RequestLogCapacity);
        _api = new JobsApi(options, timeProvider, _users, Credentials, Faults, Requests);
        _server = BuildServer(options.Port);
    }

    /// <summary>The base address of the emulator: <c>http://127.0.0.1:PORT</c>.</summary>
    public Uri Endpoint => _endpoint!;

    /// <summary>The jobs of the first user (<see cref="JobsEmulatorOptions.UserId"/>).</summary>
    public EmulatedJobStore Jobs { get; }

    /// <summary>The faults that the emulator applies to requests.</summary>
    public EmulatorFaults Faults { get; } = new();

    /// <summary>The requests that the emulator received.</summary>
    public EmulatorRequestLog Requests { get; }

    /// <summary>The credentials that the emulator accepts.</summary>
    public EmulatorCredentials Credentials { get; }

    /// <summary>
    /// A callback that is called and awaited before each request is processed, for example to change the list between two pages. Default:
    /// <see langword="null"/>.
    /// </summary>
    /// <remarks>
    /// Called concurrently for concurrent requests. The token is canceled when the client disconnects or the emulator stops. An exception
    /// causes a response with status 500 whose message contains the exception.
    /// </remarks>
    public Func<EmulatorRequest, CancellationToken, ValueTask>? BeforeResponse
    {
        get => _api.BeforeResponse;
        set => _api.BeforeResponse = value;
    }

    /// <summary>Starts an emulator.</summary>
    /// <param name="options">The options. Default: a new <see cref="JobsEmulatorOptions"/>.</param>
    /// <param name="timeProvider">The clock of the emulator. Default: <see cref="TimeProvider.System"/>.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    /// <returns>The emulator, which accepts requests.</returns>
    /// <exception cref="ArgumentException">The options are not valid. The message names every problem.</exception>
    /// <exception cref="IOException">The port is in use.</exception>
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
            emulator._life = validated.Speed > 0 ? new JobLifeSimulator(emulator.Jobs, clock, validated, timeProvider) : null;
            return emulator;
        }
        catch
        {
            // For every exception: stop the partially started server and let the caller handle the exception.
            await emulator.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Adds a user without jobs.</summary>
    /// <param name="userId">The id of the user.</param>
    /// <param name="accessToken">A token that is accepted for this user only. <see cref="Credentials"/> accepts more tokens.</param>
    /// <returns>The jobs of the user.</returns>
    /// <exception cref="ArgumentException">The id or the token is empty, or the emulator has a user with this id.</exception>
    /// <example>
    /// <code>
    /// EmulatedJobStore jobs = emulator.AddUser("1505084218764547201", "token-of-this-user");
    /// jobs.Add(EmulatedJobType.BatchReplication);
    /// </code>
    /// </example>
    public EmulatedJobStore AddUser(string userId, string accessToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(userId);
        ArgumentException.ThrowIfNullOrEmpty(accessToken);
        EmulatedJobStore jobs = _users.Add(userId);
        Credentials.AcceptToken(accessToken, userId);
        return jobs;
    }

    /// <summary>Stops the emulator immediately and aborts the requests in flight.</summary>
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
        // The empty builder reads no configuration, environment variables or command line.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;

            // A fault may delay a response.
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
