namespace KooDrive.Jobs.Streams.Tests.Listing.Anchoring;

/// <summary>Every way in which up to three changes can meet a walk over a small list.</summary>
public class SmallListTests
{
    private const int LastMoment = 7;

    public static TheoryData<int, int, bool> Walks { get; } = new()
    {
        { 2, 1, false },
        { 3, 1, false },
        { 2, 2, false },
        { 2, 2, true },
        { 3, 2, true },
    };

    /// <param name="limit">The page size.</param>
    /// <param name="pagesInFlight">How many requests are in flight.</param>
    /// <param name="newestFirst">Whether the request sent last is answered first.</param>
    [Theory]
    [MemberData(nameof(Walks))]
    public void L1_L2_Every_interleaving_of_up_to_three_changes_with_a_small_list_is_right(int limit, int pagesInFlight, bool newestFirst)
    {
        for (int count = 1; count <= 5; count++)
        {
            foreach (Change[] changes in Scripts(count).Where((_, number) => number % PropertyRuns.Divisor == 0))
            {
                var list = new ChangingList(count);
                List<string> yielded = Walk(list, new() { PageSize = limit, PagesInFlight = pagesInFlight }, newestFirst, changes);

                bool isRight = yielded.Distinct().Count() == yielded.Count && list.Survivors.IsSubsetOf(yielded);
                Assert.True(isRight, $"{count} jobs, {string.Join(", ", changes)}: {string.Join(' ', yielded)} against {string.Join(' ', list.Survivors)}");
            }
        }
    }

    private static List<string> Walk(ChangingList list, AnchoredWalkOptions options, bool newestFirst, Change[] changes)
    {
        var walk = new AnchoredWalk(options);
        List<string> yielded = [];
        List<(long Offset, Job[]? Answer)> inFlight = [];
        for (int moment = 0; !walk.IsDone;)
        {
            while (walk.TryRequest(out long offset))
            {
                inFlight.Add((offset, null));
            }

            while (inFlight[0].Answer is null)
            {
                foreach (Change change in changes.Where(change => change.Moment == moment))
                {
                    change.Apply(list);
                }

                moment++;
                int served = newestFirst ? inFlight.FindLastIndex(request => request.Answer is null) : 0;
                inFlight[served] = inFlight[served] with { Answer = list.Page(inFlight[served].Offset, options.PageSize) };
            }

            Job[] jobs = inFlight[0].Answer!;
            inFlight.RemoveAt(0);
            WalkStep step = walk.Accept(jobs);
            yielded.AddRange(jobs.Skip(step.Start).Take(step.Count).Select(job => job.TaskId));
            if (step.DropsRequests)
            {
                inFlight.Clear();
            }
        }

        return yielded;
    }

    private static IEnumerable<Change[]> Scripts(int count)
    {
        Change[] all =
        [
            .. from moment in Enumerable.Range(0, LastMoment)
               from place in Enumerable.Range(-2, count + 2)
               select new Change(moment, place),
        ];
        for (int i = 0; i < all.Length; i++)
        {
            for (int j = i; j < all.Length; j++)
            {
                for (int k = j; k < all.Length; k++)
                {
                    yield return [all[i], all[j], all[k]];
                }
            }
        }
    }

    /// <summary>Before an answer: an insertion at the head (-2) or behind the second job (-1), or a deletion at a place.</summary>
    private readonly record struct Change(int Moment, int Place)
    {
        public void Apply(ChangingList list)
        {
            if (Place < 0)
            {
                list.InsertAt(Place == -2 ? 0 : Math.Min(2, list.Count), 1);
            }
            else if (Place < list.Count)
            {
                list.RemoveRange(Place, 1);
            }
        }
    }
}
