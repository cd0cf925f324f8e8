using System.Globalization;

namespace KooDrive.Jobs.Streams.Benchmarks;

/// <summary>The watches of many idle accounts in one process, in real time.</summary>
internal static class ManyAccounts
{
    public const string Command = "accounts";

    /// <summary>Measures watches with the default options.</summary>
    public static async Task PrintAsync(int accounts, TimeSpan interval, TextWriter output)
    {
        IdleCost cost = await MeasureAsync(accounts, new JobWatchOptions { PollInterval = interval, StaggerFirstPoll = true });
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{accounts:N0} accounts, an interval of {interval.TotalSeconds:N0} s, {IdleAccounts.Jobs} jobs each{Environment.NewLine}{cost}"));
    }

    /// <summary>Measures watches with a subscriber each.</summary>
    public static async Task<IdleCost> MeasureAsync(int accounts, JobWatchOptions options)
    {
        using var handler = new PageHandler(new RenderedJobs(IdleAccounts.Jobs, static _ => null));
        using JobsClient client = new(
            new JobsClientOptions { Endpoint = new Uri("http://127.0.0.1"), UserId = KooDriveRequests.UserId },
            new AccessTokenCredential(KooDriveRequests.Token),
            new JobsClientServices { HttpHandler = handler });
        var credential = new AccessTokenCredential(KooDriveRequests.Token);
        List<JobWatch> watches = [];
        List<IDisposable> subscriptions = [];
        IdleCost cost = await IdleAccounts.MeasureAsync(accounts, handler, () =>
        {
            for (int user = 0; user < accounts; user++)
            {
                JobWatch watch = client.ForUser(user.ToString(CultureInfo.InvariantCulture), credential).WatchJobs(options);
                watches.Add(watch);
                subscriptions.Add(watch.Changes.Subscribe(static _ => { }));
            }

            return Task.CompletedTask;
        });
        subscriptions.ForEach(static subscription => subscription.Dispose());
        await Task.WhenAll(watches.Select(watch => watch.DisposeAsync().AsTask()));
        return cost;
    }
}
