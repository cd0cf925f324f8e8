namespace KooDrive.Jobs.Streams.Benchmarks;

/// <summary>A server in memory that alternates between two lists, and a client of the server.</summary>
internal sealed class ListServer : IDisposable
{
    private readonly RenderedJobs[] _lists;
    private readonly PageHandler _handler;
    private readonly HttpClient _httpClient;
    private int _changes;

    public ListServer(RenderedJobs[] lists)
    {
        _lists = lists;
        _handler = new PageHandler(lists[0]);
        _httpClient = new HttpClient(_handler);
        Client = KooDriveRequests.CreateJobsClient(new Uri("http://127.0.0.1"), _httpClient);
    }

    public JobsClient Client { get; }

    public void Change() => _handler.Jobs = _lists[++_changes % _lists.Length];

    public void Dispose()
    {
        Client.Dispose();
        _httpClient.Dispose();
    }
}
