using System.Globalization;

namespace KooDrive.Jobs.Streams.Benchmarks;

/// <summary>What the hand-written loops have in common: the address of a page, the headers, and where the list ends.</summary>
internal static class KooDriveRequests
{
    public const string Path = "/koodrive/ose/v1/jobs";
    public const int PageSize = 100;
    public const string UserId = "1505084218764547200";
    public const string Token = "emulator-access-token";

    public static string Address(long offset) => string.Create(CultureInfo.InvariantCulture, $"{Path}?offset={offset}&limit={PageSize}");

    /// <summary>A client that sends the documented headers with every request. They are formed once: the loops get off lightly.</summary>
    public static HttpClient CreateClient(HttpMessageHandler handler, Uri endpoint)
    {
        var client = new HttpClient(handler, disposeHandler: false) { BaseAddress = endpoint };
        client.DefaultRequestHeaders.Add("Authorization", "Bearer+" + Token);
        client.DefaultRequestHeaders.Add("X-User-Id", UserId);
        client.DefaultRequestHeaders.Add("X-Date", DateTime.UtcNow.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture));
        client.DefaultRequestHeaders.Add("X-Traceid", new string('0', 58));
        client.DefaultRequestHeaders.Add("language", "en-US");
        return client;
    }

    /// <summary>A client of the library, around an HttpClient if there is one.</summary>
    public static JobsClient CreateJobsClient(Uri endpoint, HttpClient? httpClient = null) => new(
        new JobsClientOptions { Endpoint = endpoint, UserId = UserId },
        new AccessTokenCredential(Token),
        new JobsClientServices { HttpClient = httpClient });

    /// <summary>Page after page until one is short: plain offset paging.</summary>
    public static async Task<Tally> ReadAllAsync(Func<long, Task<WireAnswer?>> getPage)
    {
        Tally tally = default;
        while (true)
        {
            List<WireJob> jobs = (await getPage(tally.Jobs))?.Data ?? throw new InvalidOperationException("The answer has no data.");
            foreach (WireJob job in jobs)
            {
                tally = tally.Add(job.TaskId);
            }

            if (jobs.Count < PageSize)
            {
                return tally;
            }
        }
    }
}
