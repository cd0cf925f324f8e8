using Refit;

namespace KooDrive.Jobs.Streams.Benchmarks;

/// <summary>The API as a Refit interface.</summary>
public interface IKooDriveApi
{
    [Get(KooDriveRequests.Path)]
    public Task<WireResponse> ListJobsAsync(long offset, int limit);
}

internal static class RefitLoop
{
    public static Task<Tally> ReadAllAsync(IKooDriveApi api) =>
        KooDriveRequests.ReadAllAsync(async offset => await api.ListJobsAsync(offset, KooDriveRequests.PageSize));
}
