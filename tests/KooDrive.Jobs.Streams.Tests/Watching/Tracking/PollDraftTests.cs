using KooDrive.Jobs.Streams.Watching.Tracking;

namespace KooDrive.Jobs.Streams.Tests.Watching.Tracking;

public class PollDraftTests
{
    private readonly PollDraft _draft = new JobTracker(new PollingOptions()).Begin();

    [Fact]
    public void StartNext_throws_when_a_read_is_in_progress()
    {
        Assert.IsType<PollRead.Head>(_draft.StartNext(isOverBudget: false));

        Assert.Throws<InvalidOperationException>(() => _draft.StartNext(isOverBudget: false));
    }

    [Fact]
    public void Take_throws_when_no_read_is_in_progress()
    {
        Assert.Throws<InvalidOperationException>(() => _draft.Take([]));

        _draft.StartNext(isOverBudget: false);
        _draft.EndRead(isEndOfList: true, requests: 1);
        Assert.Throws<InvalidOperationException>(() => _draft.Take([]));
    }

    [Fact]
    public void StartNext_returns_null_when_a_first_poll_read_the_whole_list()
    {
        _draft.StartNext(isOverBudget: false);
        Assert.True(_draft.Take([new Job { TaskId = "1", CreateTime = DateTimeOffset.UnixEpoch }]));
        _draft.EndRead(isEndOfList: true, requests: 2);

        Assert.Null(_draft.StartNext(isOverBudget: false));
    }
}
