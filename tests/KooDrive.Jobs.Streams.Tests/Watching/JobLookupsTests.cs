using static KooDrive.Jobs.Streams.Tests.Watching.ScriptedPoller;

namespace KooDrive.Jobs.Streams.Tests.Watching;

public class JobLookupsTests
{
    private static readonly CancellationToken None = TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_walk_answers_all_that_were_asked_before_and_none_that_is_asked_meanwhile()
    {
        var read = 0;
        JobLookups? lookups = null;
        lookups = new JobLookups(Walk);
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
        var lookups = new JobLookups(() => throw new InvalidOperationException("Nobody asked."));
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
        var lookups = new JobLookups(Walk);
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
        var lookups = new JobLookups(() => new[] { job }.ToAsyncEnumerable());
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
        var lookups = new JobLookups(() => throw new InvalidOperationException("Nobody asked."));
        var lookup = new JobLookup("1");
        lookups.Ask(lookup);

        lookups.Withdraw(lookup);

        Assert.False(lookups.Any);
        Assert.Empty(lookups.Asked());
    }
}
