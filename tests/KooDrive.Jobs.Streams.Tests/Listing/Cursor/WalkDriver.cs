using KooDrive.Jobs.Streams.Listing.Cursor;

namespace KooDrive.Jobs.Streams.Tests.Listing.Cursor;

/// <summary>Runs walks without I/O: requests go to a function, whose responses may be produced in any order.</summary>
internal sealed class WalkDriver(JobListingOptions options, Func<PageRange, Job[]> respond, ResumePoint? resumeFrom = null)
{
    private readonly List<(PageRange Range, Job[]? Response)> _inFlight = [];

    public ListWalk Walk { get; private set; } = new(JobQuery.All, options, resumeFrom);

    /// <summary>The ids of the jobs yielded, over all resumptions.</summary>
    public List<string> Yielded { get; } = [];

    public List<PageRange> Requests { get; } = [];

    /// <summary>Chooses the request that the server responds to next; by default the oldest.</summary>
    public Func<int, int> ChooseNext { get; init; } = static _ => 0;

    /// <summary>Reads one page.</summary>
    /// <returns>The number of its new jobs.</returns>
    public int Step()
    {
        while (Walk.TryRequest(out PageRange range))
        {
            Requests.Add(range);
            if (Requests.Count > 20_000)
            {
                throw new EndlessWalkException();
            }

            _inFlight.Add((range, null));
        }

        while (_inFlight[0].Response is null)
        {
            int[] open = [.. Enumerable.Range(0, _inFlight.Count).Where(index => _inFlight[index].Response is null)];
            int index = open[ChooseNext(open.Length)];
            _inFlight[index] = (_inFlight[index].Range, respond(_inFlight[index].Range));
        }

        Job[] jobs = _inFlight[0].Response!;
        _inFlight.RemoveAt(0);
        WalkStep step = Walk.Accept(jobs);
        Yielded.AddRange(step.NewJobs.Select(job => job.TaskId));
        if (step.DropsRequests)
        {
            _inFlight.Clear();
        }

        return step.NewJobs.Count;
    }

    public WalkDriver Run()
    {
        while (!Walk.IsDone)
        {
            Step();
        }

        return this;
    }

    /// <summary>Stops the walk, drops the requests in flight, and continues with another walk from the resume point.</summary>
    public void StopAndResume(Func<ResumePoint, ResumePoint>? change = null)
    {
        if (!Walk.IsDone)
        {
            ResumePoint point = ResumePointFormat.Read(Walk.GetResumePoint().ToString());
            Walk = new ListWalk(JobQuery.All, options, change?.Invoke(point) ?? point);
            _inFlight.Clear();
        }
    }
}

/// <summary>A walk requested more pages than any story has.</summary>
internal sealed class EndlessWalkException() : Exception("The walk never ends.");
