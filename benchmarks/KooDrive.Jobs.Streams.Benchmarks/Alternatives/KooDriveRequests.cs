using System.Globalization;

namespace KooDrive.Jobs.Streams.Benchmarks;

/// <summary>The common parts of the hand-written loops: the address of a page, the headers and the end of the list.</summary>
internal static class KooDriveRequests
{
    public const string Path = "/koodrive/ose/v1/jobs";
    public const int PageSize = 100;
    public const string UserId = "1505084218764547200";
    public const string Token = "emulator-access-token";

    public static string Address(long offset) => string.Create(CultureInfo.InvariantCulture, $"{Path}?offset={offset}&limit={PageSize}");

    /// <summary>Creates a client that sends the documented headers with every request. They are created once, in favor of the loops.</summary>
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

    /// <summary>Creates a client of the library, optionally with an HttpClient.</summary>
    public static JobsClient CreateJobsClient(Uri endpoint, HttpClient? httpClient = null) => new(
        new JobsClientOptions { Endpoint = endpoint, UserId = UserId },
        new AccessTokenCredential(Token),
        new JobsClientServices { HttpClient = httpClient });

    /// <summary>Plain offset paging: reads pages until one is short.</summary>
    public static async Task<Tally> ReadAllAsync(Func<long, Task<WireResponse?>> getPage)
    {
        Tally tally = default;
        while (true)
        {
            List<WireJob> jobs = (await getPage(tally.Jobs))?.Data ?? throw new InvalidOperationException("The response has no data.");
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
