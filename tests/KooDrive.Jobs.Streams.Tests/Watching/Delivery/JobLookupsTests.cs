using KooDrive.Jobs.Streams.Watching.Delivery;
using Microsoft.Reactive.Testing;
using static KooDrive.Jobs.Streams.Tests.Watching.Polling.ScriptedPoller;

namespace KooDrive.Jobs.Streams.Tests.Watching.Delivery;

public class JobLookupsTests
{
    private static readonly CancellationToken None = TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_walk_answers_all_that_were_asked_before_and_none_that_is_asked_meanwhile()
    {
        var read = 0;
        JobLookups? lookups = null;
        lookups = Lookups(Walk);
        var (first, twin, missing, known) = (new JobLookup("1"), new JobLookup("1"), new JobLookup("none"), new JobLookup("known"));
        new[] { first, twin, missing, known }.ToList().ForEach(lookups.Ask);

        var answers = await lookups.AnswerAsync(lookups.Asked(), [Running("known")], None);

        var found = answers.ToDictionary(answer => answer.Lookup, answer => answer.Job);
        Assert.Equal(4, found.Count);
        Assert.Equal((Done("1"), Done("1"), null, Running("known")), (found[first], found[twin], found[missing], found[known]));
        Assert.Equal(2, read);
        Assert.Equal(["1"], lookups.Asked().Select(lookup => lookup.TaskId));
        Assert.NotEqual([first], lookups.Asked());

        async IAsyncEnumerable<Job> Walk()
        {
            await Task.CompletedTask;
            lookups!.Ask(new JobLookup("1"));
            foreach (var job in new[] { Done("2"), Done("1") })
            {
                read++;
                yield return job;
            }
        }
    }

    [Fact]
    public void A_question_withdrawn_before_it_is_asked_is_not_asked()
    {
        var lookups = Lookups(() => throw new InvalidOperationException("Nobody asked."));
        var lookup = new JobLookup("1");
        lookups.Withdraw(lookup);
        lookups.Ask(lookup);

        Assert.False(lookups.Any);
        Assert.Empty(lookups.Asked());
    }

    [Fact]
    public async Task A_walk_ends_with_the_last_job_that_is_asked_for()
    {
        var read = 0;
        var lookups = Lookups(Walk);
        lookups.Ask(new JobLookup("1"));

        await lookups.AnswerAsync(lookups.Asked(), [], None);

        Assert.Equal(1, read);
        Assert.False(lookups.Any);

        async IAsyncEnumerable<Job> Walk()
        {
            await Task.CompletedTask;
            foreach (var job in new[] { Done("1"), Done("2") })
            {
                read++;
                yield return job;
            }
        }
    }

    [Fact]
    public async Task A_job_that_runs_and_is_not_followed_stays_asked_until_it_has_finished_or_nobody_asks_any_more()
    {
        Job job = Running("1");
        var lookups = Lookups(() => new[] { job }.ToAsyncEnumerable());
        var (lookup, other) = (new JobLookup("1"), new JobLookup("1"));
        lookups.Ask(lookup);
        lookups.Ask(other);

        await lookups.AnswerAsync(lookups.Asked(), known: [], None);
        Assert.False(lookups.Any);
        Assert.Equal(2, lookups.Asked().Count);
        lookups.Withdraw(other);
        Assert.Equal([lookup], lookups.Asked());
        job = Done("1");
        await lookups.AnswerAsync(lookups.Asked(), known: [], None);

        Assert.Empty(lookups.Asked());
    }

    [Fact]
    public void A_question_that_is_withdrawn_is_not_asked_any_more()
    {
        var lookups = Lookups(() => throw new InvalidOperationException("Nobody asked."));
        var lookup = new JobLookup("1");
        lookups.Ask(lookup);

        lookups.Withdraw(lookup);

        Assert.False(lookups.Any);
        Assert.Empty(lookups.Asked());
    }

    [Fact]
    public async Task A_job_that_is_missing_is_answered_by_a_walk_that_starts_after_the_grace_period()
    {
        var walks = 0;
        var time = new TestScheduler();
        var lookups = new JobLookups(Walk, new WatchClock(time), TimeSpan.FromSeconds(30));
        lookups.Ask(new JobLookup("1"));

        // The walk lasts longer than the grace period, so the job may have been listed behind its back.
        Assert.Empty(await lookups.AnswerAsync(lookups.Asked(), known: [], None));
        Assert.False(lookups.Any);
        Assert.Equal(TimeSpan.Zero, lookups.DueIn);

        var (_, job) = Assert.Single(await lookups.AnswerAsync(lookups.Asked(), known: [], None));
        Assert.Null(job);
        Assert.Null(lookups.DueIn);
        Assert.Equal(2, walks);

        async IAsyncEnumerable<Job> Walk()
        {
            await Task.CompletedTask;
            walks++;
            time.AdvanceBy(TimeSpan.FromSeconds(40).Ticks);
            yield break;
        }
    }

    [Fact]
    public async Task A_missing_job_costs_no_walk_before_the_grace_period_has_passed()
    {
        var walks = 0;
        var time = new TestScheduler();
        var lookups = new JobLookups(
            () =>
            {
                walks++;
                return AsyncEnumerable.Empty<Job>();
            },
            new WatchClock(time),
            TimeSpan.FromSeconds(30));
        var (missing, withdrawn) = (new JobLookup("1"), new JobLookup("2"));
        lookups.Ask(missing);
        lookups.Ask(withdrawn);
        Assert.Empty(await lookups.AnswerAsync(lookups.Asked(), known: [], None));
        lookups.Withdraw(withdrawn);

        for (int poll = 0; poll < 5; poll++)
        {
            time.AdvanceBy(TimeSpan.FromSeconds(5).Ticks);
            Assert.Equal([missing], lookups.Asked());
            Assert.Empty(await lookups.AnswerAsync(lookups.Asked(), known: [], None));
        }

        Assert.Equal((1, TimeSpan.FromSeconds(5)), (walks, lookups.DueIn));
        Assert.Equal([(missing, Done("1"))], await lookups.AnswerAsync(lookups.Asked(), [Done("1")], None));
        Assert.Equal((1, null), (walks, lookups.DueIn));
    }

    private static JobLookups Lookups(Func<IAsyncEnumerable<Job>> list) => new(list, new WatchClock(new TestScheduler()), TimeSpan.Zero);
}
