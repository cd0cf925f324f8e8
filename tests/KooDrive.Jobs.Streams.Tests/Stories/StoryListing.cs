using KooDrive.Jobs.Streams.Emulator;
using KooDrive.Jobs.Streams.Tests.Watching.Polling;
using KooDrive.Jobs.Streams.Watching.Tracking;

namespace KooDrive.Jobs.Streams.Tests.Stories;

/// <summary>One listing, stopped and resumed, and checked against the record of the emulator.</summary>
internal sealed class StoryListing(ClientStory story, StoryWorld world, JobsClient client, JobQuery query)
{
    private readonly List<Job> _yielded = [];

    public int Resumed { get; private set; }

    public bool GaveUp { get; private set; }

    public async Task WalkAsync()
    {
        IReadOnlyList<Job> before = world.Jobs();
        int from = world.Record().Count;
        string? resumePoint = null;
        for (bool isDone = false; !isDone; Resumed += isDone ? 0 : 1)
        {
            (isDone, resumePoint) = await WalkFromAsync(resumePoint);
        }

        Check([.. before.Where(Matches)], world.Record().Skip(from));
    }

    private async Task<(bool IsDone, string? ResumePoint)> WalkFromAsync(string? resumePoint)
    {
        string? reached = resumePoint;
        try
        {
            var options = new JobListingOptions { PageSize = story.PageSize, PagesInFlight = story.PagesInFlight };
            await foreach (JobPage page in client.ListJobs(query, options).AsPages(resumePoint).WithCancellation(TestContext.Current.CancellationToken))
            {
                _yielded.AddRange(page.Jobs);
                reached = page.ResumePoint;
                if (world.Happens(story.StopsPerHundred))
                {
                    return (false, reached);
                }
            }

            return (true, null);
        }
        catch (JobListingException)
        {
            GaveUp = true;
            return (true, null);
        }
        catch (JobsException exception)
        {
            // All retries failed, or the token expired again: the listing continues from the resume point of the exception.
            return (false, exception.ResumePoint);
        }
    }

    private bool Matches(Job job) => (query.Type is null || job.Type == query.Type) && (query.Status is null || job.Status == query.Status);

    private void Check(List<Job> before, IEnumerable<EmulatedJobChange> meanwhile)
    {
        HashSet<string> survivors = [.. before.Select(job => job.TaskId)];
        HashSet<(string, JobState)> real = [.. before.Select(IdAndState)];
        foreach (EmulatedJobChange change in meanwhile)
        {
            if (change.Current is { } current && StoryWorld.ToJob(current) is var job && Matches(job))
            {
                real.Add(IdAndState(job));
            }
            else
            {
                survivors.Remove(change.TaskId);
            }
        }

        HashSet<string> once = [];
        foreach (Job job in _yielded)
        {
            Require(once.Add(job.TaskId), $"{job} was repeated");
            Require(real.Contains(IdAndState(job)), $"{job} never had this state while the list was read");
        }

        string? missed = GaveUp ? null : survivors.FirstOrDefault(taskId => !once.Contains(taskId));
        Require(missed is null, $"{missed} was missed");
    }

    private static (string, JobState) IdAndState(Job job) => (job.TaskId, InMemoryJobs.StateOf(job));

    private static void Require(bool holds, string claim)
    {
        if (!holds)
        {
            throw new FeedException(claim);
        }
    }
}
