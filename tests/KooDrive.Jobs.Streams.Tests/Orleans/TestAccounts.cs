using System.Globalization;
using KooDrive.Jobs.Streams.Emulator;

namespace KooDrive.Jobs.Streams.Tests.Orleans;

/// <summary>The accounts of an emulator that accepts every user.</summary>
internal sealed class TestAccounts : IJobsCredentialProvider
{
    public static Task<JobsEmulator> StartEmulatorAsync() => JobsEmulator.StartAsync(
        new JobsEmulatorOptions { AcceptsEveryUser = true, RequestLogCapacity = 1_000_000 }, cancellationToken: TestContext.Current.CancellationToken);

    /// <summary>Called for each credential.</summary>
    public Func<JobAccount, JobsCredential>? Provide { get; set; }

    public static JobAccount Get(JobsEmulator emulator, int number) => new(emulator.Endpoint, string.Create(CultureInfo.InvariantCulture, $"{number:00000}"));

    public ValueTask<JobsCredential> GetCredentialAsync(JobAccount account, CancellationToken cancellationToken) =>
        new(Provide?.Invoke(account) ?? new AccessTokenCredential(new JobsEmulatorOptions().AccessToken));

    /// <summary>Returns the key of a state of a job.</summary>
    public static string Key(JobAccount account, EmulatedJob job) => string.Create(
        CultureInfo.InvariantCulture, $"{account}|{job.TaskId}|{job.Status}|{(job.IsFinished ? job.TaskResultCode : null)}");
}
