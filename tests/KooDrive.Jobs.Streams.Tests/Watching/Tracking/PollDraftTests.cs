using KooDrive.Jobs.Streams.Watching.Tracking;

namespace KooDrive.Jobs.Streams.Tests.Watching.Tracking;

public class PollDraftTests
{
    private readonly PollDraft _draft = new JobTracker(new PollingOptions()).Begin();

    [Fact]
    public void StartNext_throws_when_a_read_is_in_progress()
    {
        Assert.IsType<PollRead.Head>(_draft.StartNext(isOverBudget: false));

        Assert.Equal("Head { } is in progress.", Assert.Throws<InvalidOperationException>(() => _draft.StartNext(isOverBudget: false)).Message);
    }

    [Fact]
    public void HeadRequestsFor_returns_the_requests_after_which_so_many_jobs_had_been_read()
    {
        Assert.Equal(0, _draft.HeadRequestsFor(1));
        _draft.StartNext(isOverBudget: false);
        _draft.Take([.. Enumerable.Range(1, 10).Select(Job)], requests: 4);
        _draft.Take([.. Enumerable.Range(11, 10).Select(Job)], requests: 9);

        Assert.Equal([4, 4, 9, 9, 9], (long[])[_draft.HeadRequestsFor(1), _draft.HeadRequestsFor(10), _draft.HeadRequestsFor(11), _draft.HeadRequestsFor(20), _draft.HeadRequestsFor(21)]);

        static Job Job(int number) => new() { TaskId = $"{number}", CreateTime = DateTimeOffset.UnixEpoch };
    }

    [Fact]
    public void Take_throws_when_no_read_is_in_progress()
    {
        Assert.Throws<InvalidOperationException>(() => _draft.Take([], requests: 1));

        _draft.StartNext(isOverBudget: false);
        _draft.EndRead(isEndOfList: true);
        Assert.Throws<InvalidOperationException>(() => _draft.Take([], requests: 1));
    }

    [Fact]
    public void EndRead_and_TakeTop_throw_when_their_read_is_not_in_progress()
    {
        Assert.Equal("No read is in progress.", Assert.Throws<InvalidOperationException>(() => _draft.EndRead(isEndOfList: true)).Message);

        _draft.StartNext(isOverBudget: false);
        Assert.Equal("The page with the newest jobs is not being read.", Assert.Throws<InvalidOperationException>(() => _draft.TakeTop(new JobPage { Jobs = [] })).Message);
    }

    [Fact]
    public void Commit_throws_when_a_read_is_in_progress()
    {
        var tracker = new JobTracker(new PollingOptions());
        PollDraft draft = tracker.Begin();
        draft.StartNext(isOverBudget: false);

        Assert.Throws<InvalidOperationException>(() => tracker.Commit(draft, 1, DateTimeOffset.UnixEpoch));
    }

    [Fact]
    public void StartNext_returns_null_when_a_first_poll_read_the_whole_list()
    {
        _draft.StartNext(isOverBudget: false);
        Assert.True(_draft.Take([new Job { TaskId = "1", CreateTime = DateTimeOffset.UnixEpoch }], requests: 1));
        _draft.EndRead(isEndOfList: true);

        Assert.Null(_draft.StartNext(isOverBudget: false));
    }

    [Fact]
    public void Plan_is_the_head_again_when_only_the_head_exhausted_the_requests_of_a_poll()
    {
        var tracker = new JobTracker(new PollingOptions());
        Job[] page = [new Job { TaskId = "1", Status = JobStatus.Completed, CreateTime = DateTimeOffset.UnixEpoch }];
        Poll(exhausts: false);
        Poll(exhausts: true);

        Assert.Equal(PollPlan.Head, tracker.Begin().Plan);

        void Poll(bool exhausts)
        {
            PollDraft draft = tracker.Begin();
            draft.StartNext(isOverBudget: false);
            draft.Take(page, requests: 1);
            Assert.True(!exhausts || draft.Exhaust());
            draft.EndRead(isEndOfList: true);
            Assert.Null(draft.StartNext(isOverBudget: false));
            tracker.Commit(draft, 1, DateTimeOffset.UnixEpoch);
        }
    }
}
