using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Storage;

namespace KooDrive.Jobs.Streams.Tests.Orleans;

/// <summary>A single silo in a host, as an application embeds it.</summary>
internal sealed class EmbeddedSilo : IAsyncDisposable
{
    private readonly IHost _host;

    private EmbeddedSilo(IHost host) => _host = host;

    public IServiceProvider Services => _host.Services;

    public IGrainFactory Grains => _host.Services.GetRequiredService<IGrainFactory>();

    /// <summary>Starts a silo.</summary>
    /// <param name="sink">The sink; null for none.</param>
    /// <param name="accounts">The credentials.</param>
    /// <param name="storage">The storage; null for the default.</param>
    /// <param name="configure">Changes the options.</param>
    /// <param name="logger">The log; null for none.</param>
    /// <param name="change">Changes the silo; null for no change.</param>
    public static async Task<EmbeddedSilo> StartAsync(
        IJobEventSink? sink,
        TestAccounts accounts,
        TestStorage? storage = null,
        Action<JobWatchGrainOptions>? configure = null,
        ILoggerFactory? logger = null,
        Action<ISiloBuilder>? change = null)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(settings: null);
        if (logger is not null)
        {
            builder.Services.AddSingleton(logger);
        }

        if (sink is not null)
        {
            builder.Services.AddSingleton(sink);
        }

        builder.Services.AddSingleton<IJobsCredentialProvider>(accounts);
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(FreePort(), FreePort());
            silo.AddKooDriveJobWatches(options =>
            {
                options.Watch.PollInterval = TimeSpan.FromSeconds(0.1);
                options.Watch.Jitter = 0;
                options.RetryDelay = TimeSpan.FromSeconds(0.1);
                configure?.Invoke(options);
            });
            if (storage is not null)
            {
                silo.Services.AddKeyedSingleton<IGrainStorage>(JobWatchGrainDefaults.StorageName, storage);
            }

            change?.Invoke(silo);
        });
        IHost host = builder.Build();
        try
        {
            await host.StartAsync(TestContext.Current.CancellationToken);
            return new EmbeddedSilo(host);
        }
        catch
        {
            // Every exception: the caller has no silo to dispose, and a silo that did not start cannot stop.
            host.Dispose();
            throw;
        }
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public IJobWatchGrain Watch(JobAccount account) => Grains.GetJobWatch(account);

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(CancellationToken.None);
        _host.Dispose();
    }
}
