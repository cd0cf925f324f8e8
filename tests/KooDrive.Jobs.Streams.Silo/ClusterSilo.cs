using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Hosting;
using StackExchange.Redis;

namespace KooDrive.Jobs.Streams.Silo;

/// <summary>Configures a silo of a cluster on Redis.</summary>
public static class ClusterSilo
{
    /// <summary>Adds the silo to a host. The events go to a Redis stream whose key is the id of the cluster.</summary>
    public static void Add(IHostApplicationBuilder host, SiloSettings settings)
    {
        host.Services.AddSingleton<IJobsCredentialProvider, EmulatorCredentials>();
        host.UseOrleans(silo =>
        {
            silo.Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (settings.ClusterId, settings.ServiceId ?? settings.ClusterId));
            silo.ConfigureEndpoints(IPAddress.Loopback, settings.SiloPort, settings.GatewayPort);
            silo.UseRedisClustering(options => options.ConfigurationOptions = Redis(settings));
            silo.UseRedisReminderService(options => options.ConfigurationOptions = Redis(settings));
            silo.AddRedisGrainStorage(JobWatchGrainDefaults.StorageName, options => options.ConfigurationOptions = Redis(settings));
            silo.AddKooDriveRedisStreamSink(options => (options.Configuration, options.StreamKey) = (Redis(settings).ToString(), settings.ClusterId));
            silo.AddKooDriveJobWatches(options =>
            {
                options.Watch.PollInterval = TimeSpan.FromSeconds(settings.PollInterval);
                options.MaxRequestsPerSecond = settings.MaxRequestsPerSecond;
            });
            if (settings.FailsFast)
            {
                silo.Configure<ClusterMembershipOptions>(options =>
                {
                    options.ProbeTimeout = TimeSpan.FromSeconds(1);
                    options.NumMissedProbesLimit = 2;
                    options.NumVotesForDeathDeclaration = 1;
                });
            }
        });
    }

    /// <summary>Returns the address of Redis.</summary>
    public static ConfigurationOptions Redis(SiloSettings settings) => new()
    {
        EndPoints = { { "127.0.0.1", settings.RedisPort } },
        AbortOnConnectFail = false,
    };

    private sealed class EmulatorCredentials : IJobsCredentialProvider
    {
        private static readonly AccessTokenCredential Credential = new("emulator-access-token");

        public ValueTask<JobsCredential> GetCredentialAsync(JobAccount account, CancellationToken cancellationToken) => new(Credential);
    }
}
