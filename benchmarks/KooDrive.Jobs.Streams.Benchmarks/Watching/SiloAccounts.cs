using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Storage;

namespace KooDrive.Jobs.Streams.Benchmarks;

/// <summary>The watches of many idle accounts on one silo, in real time, compared with watches that are not grains.</summary>
internal static class SiloAccounts
{
    public const string Command = "silo";

    /// <summary>Measures plain watches, and then the silo with the same options.</summary>
    public static async Task PrintAsync(int accounts, TimeSpan interval, TextWriter output)
    {
        IdleCost plain = await ManyAccounts.MeasureAsync(accounts, Configure(new JobWatchGrainOptions(), interval).Watch);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""
            {accounts:N0} accounts, an interval of {interval.TotalSeconds:N0} s, {IdleAccounts.Jobs} jobs each
            = plain watches
            {plain}
            """));
        var storage = new CountingStorage();
        (IdleCost silo, StorageCounts start, StorageCounts idle) = await MeasureAsync(accounts, interval, storage);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""
            = accounts on a silo
            {silo}
            heap of an account beyond the plain watch: {silo.Heap - plain.Heap:N0} bytes
            storage operations per account until idle: {(double)start.Reads / accounts:N2} reads, {(double)start.Writes / accounts:N2} writes of {(double)start.Bytes / accounts:N0} bytes
            storage operations in the idle minute: {idle.Reads - start.Reads} reads, {idle.Writes - start.Writes} writes
            """));
    }

    /// <summary>Measures a silo.</summary>
    /// <returns>The cost, and the storage operations before and after the measured minute.</returns>
    private static async Task<(IdleCost Cost, StorageCounts Start, StorageCounts Idle)> MeasureAsync(int accounts, TimeSpan interval, CountingStorage storage)
    {
        using var handler = new PageHandler(new RenderedJobs(IdleAccounts.Jobs, static _ => null));
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Services.AddSingleton<IJobsCredentialProvider, Credentials>();
        builder.Services.AddSingleton<IJobEventSink, EmptySink>();
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering();
            silo.AddKooDriveJobWatches(options => Configure(options, interval));
            silo.Services.AddKeyedSingleton<HttpMessageHandler>(JobWatchGrainDefaults.HttpHandlerKey, handler);
            silo.Services.AddKeyedSingleton<IGrainStorage>(JobWatchGrainDefaults.StorageName, storage);
        });
        using IHost host = builder.Build();
        await host.StartAsync();
        IGrainFactory grains = host.Services.GetRequiredService<IGrainFactory>();

        // One account loads what all accounts share.
        await StartAsync(grains, [-1]);
        StorageCounts start = default;
        StorageCounts before = storage.Counts;
        IdleCost cost = await IdleAccounts.MeasureAsync(accounts, handler, () => StartAsync(grains, Enumerable.Range(0, accounts)), () => start = storage.Counts - before);
        StorageCounts idle = storage.Counts - before;
        await host.StopAsync();
        return (cost, start, idle);
    }

    private static Task StartAsync(IGrainFactory grains, IEnumerable<int> users) => Parallel.ForEachAsync(
        users, new ParallelOptions { MaxDegreeOfParallelism = 100 }, async (user, _) => await grains.GetJobWatch(new JobAccount(new Uri("http://127.0.0.1"), user.ToString(CultureInfo.InvariantCulture))).StartAsync());

    private static JobWatchGrainOptions Configure(JobWatchGrainOptions options, TimeSpan interval)
    {
        options.Watch.PollInterval = interval;
        options.Watch.StaggerFirstPoll = true;
        return options;
    }

    private sealed class Credentials : IJobsCredentialProvider
    {
        private static readonly AccessTokenCredential Shared = new(KooDriveRequests.Token);

        public ValueTask<JobsCredential> GetCredentialAsync(JobAccount account, CancellationToken cancellationToken) => new(Shared);
    }

    private sealed class EmptySink : IJobEventSink
    {
        public ValueTask WriteAsync(AccountJobEvent jobEvent, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }
}
