using KooDrive.Jobs.Streams.Diagnostics;
using KooDrive.Jobs.Streams.Listing.Cursor;

namespace KooDrive.Jobs.Streams.Listing;

/// <summary>One enumeration of a listing: keeps the requests in flight that <see cref="ListWalk"/> wants and feeds it the responses in order.</summary>
/// <remarks>Not thread-safe, like any enumerator.</remarks>
internal sealed class JobWalk : IAsyncDisposable
{
    // Canceling a request over HTTP/1.1 closes its connection, so the short responses beyond the end of the list may complete.
    private static readonly TimeSpan MaxDrainTime = TimeSpan.FromSeconds(1);

    private readonly FetchJobPage _fetch;
    private readonly JobQuery _query;
    private readonly JobListingOptions _options;
    private readonly IProgress<JobListingProgress>? _progress;
    private readonly ListWalk _walk;
    private readonly WalkMeasurement _measurement;
    private readonly CancellationToken _cancellationToken;
    private readonly CancellationTokenSource _stop;
    private readonly Queue<Task<JobPage>> _inFlight = new();
    private readonly List<Task> _dropped = [];
    private bool _hasEnded;
    private bool _isDisposed;

    public JobWalk(
        FetchJobPage fetch,
        JobQuery query,
        JobListingOptions options,
        ResumePoint? resumeFrom,
        IProgress<JobListingProgress>? progress,
        ClientTelemetry telemetry,
        CancellationToken cancellationToken)
    {
        _fetch = fetch;
        _query = query;
        _options = options;
        _progress = progress;
        _measurement = new WalkMeasurement(telemetry, query, isResumed: resumeFrom is not null);
        _cancellationToken = cancellationToken;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _walk = new ListWalk(query, options, resumeFrom);
    }

    /// <summary>Reads pages until one has new jobs. Returns null at the end of the list.</summary>
    public async ValueTask<WalkedPage?> ReadAsync()
    {
        if (_hasEnded)
        {
            return null;
        }

        // Any exception below ends the walk.
        _hasEnded = true;
        _measurement.Enter();
        try
        {
            while (!_walk.IsDone)
            {
                _cancellationToken.ThrowIfCancellationRequested();
                SendRequests();
                JobPage page = await _inFlight.Dequeue().ConfigureAwait(false);
                Job[] jobs = page.Jobs as Job[] ?? [.. page.Jobs];
                WalkStep step = _walk.Accept(jobs);
                _measurement.Advance(_walk, page.Offset);
                if (step.DropsRequests)
                {
                    _dropped.AddRange(_inFlight.Select(FinishAsync));
                    _inFlight.Clear();
                }

                _progress?.Report(new() { PageCount = _walk.Pages, JobCount = _walk.Jobs, RequestCount = _walk.Requests, ShiftCount = _walk.Shifts });
                if (step.NewJobs.Count > 0)
                {
                    _hasEnded = _walk.IsDone;
                    return new WalkedPage(page, step.NewJobs, step.LateCount);
                }
            }

            return null;
        }
        catch (JobsException exception)
        {
            exception.SetResumePoint(_walk.GetResumePoint().ToString());
            _measurement.Fail(exception);
            throw;
        }
        catch (OperationCanceledException exception) when (_cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(exception.Message, exception, _cancellationToken);
        }
    }

    /// <summary>Returns the position after the page read last.</summary>
    public ResumePoint GetResumePoint() => _walk.GetResumePoint();

    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = _hasEnded = true;
        var requests = Task.WhenAll([.. _inFlight, .. _dropped]);
        if (_walk.IsDone && !_cancellationToken.IsCancellationRequested)
        {
            await FinishAsync(requests.WaitAsync(MaxDrainTime, _cancellationToken)).ConfigureAwait(false);
        }

        await _stop.CancelAsync().ConfigureAwait(false);
        await FinishAsync(requests).ConfigureAwait(false);
        _stop.Dispose();
        _measurement.End(_walk);
    }

    private void SendRequests()
    {
        _dropped.RemoveAll(static request => request.IsCompleted);
        while ((_inFlight.Count == 0 || _inFlight.Count + _dropped.Count < _options.PagesInFlight) && _walk.TryRequest(out PageRange request))
        {
            _inFlight.Enqueue(_fetch(_query, request.Offset, request.Limit, _stop.Token));
        }
    }

    /// <summary>Waits for dropped requests, whose outcome has no effect.</summary>
    private static async Task FinishAsync(Task requests) =>
        await requests.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}

/// <summary>Gets one page: <see cref="JobsClient.GetPageAsync"/>, or a fake.</summary>
internal delegate Task<JobPage> FetchJobPage(JobQuery query, long offset, int limit, CancellationToken cancellationToken);

/// <summary>A page and its new jobs, of which the first may be listed before jobs of earlier pages.</summary>
internal readonly record struct WalkedPage(JobPage Page, ArraySegment<Job> NewJobs, int LateCount);
