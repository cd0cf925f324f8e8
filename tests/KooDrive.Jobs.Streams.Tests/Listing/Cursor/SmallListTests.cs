using KooDrive.Jobs.Streams.Listing.Cursor;

namespace KooDrive.Jobs.Streams.Tests.Listing.Cursor;

/// <summary>A walk over a small list, with every combination of changes and orders of ties.</summary>
public class SmallListTests
{
    private const int MaxJobs = 5;
    private const int LastMoment = 7;
    private const int LastMomentWithTies = 3;

    // All orders in every response would take two minutes with two changes.
    private const int ResponsesInAnyOrder = 2;

    public static TheoryData<int, int, bool, bool> Walks { get; } = new()
    {
        { 2, 1, false, true },
        { 4, 1, false, true },
        { 4, 2, true, true },
        { 2, 1, false, false },
        { 5, 1, false, false },
        { 4, 2, false, false },
        { 4, 2, true, false },
        { 5, 2, true, false },
    };

    /// <param name="limit">The page size.</param>
    /// <param name="pagesInFlight">The number of requests in flight.</param>
    /// <param name="newestFirst">Whether the request sent last receives its response first.</param>
    /// <param name="hasTimes">Whether jobs have creation times.</param>
    [Theory]
    [MemberData(nameof(Walks))]
    public void L1_L2_Walk_is_right_for_every_interleaving_of_three_changes(int limit, int pagesInFlight, bool newestFirst, bool hasTimes)
    {
        for (int count = 1; count <= MaxJobs; count++)
        {
            foreach (Change[] changes in Scripts(count, LastMoment, 3).Where((_, number) => number % PropertyRuns.Divisor == 0))
            {
                var list = new SmallList([.. Enumerable.Repeat(1, count)], hasTimes);
                var options = new JobListingOptions { PageSize = limit, PagesInFlight = pagesInFlight };
                Check(list, options, changes, newestFirst ? open => open - 1 : static _ => 0, static _ => 0);
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void L8_Walk_is_right_for_every_order_of_ties_in_each_response(int changeCount)
    {
        if (changeCount == 2)
        {
            LongTests.SkipUnlessEnabled();
        }

        foreach (int[] groups in Enumerable.Range(1, MaxJobs).SelectMany(Groupings))
        {
            foreach (Change[] changes in Scripts(groups.Sum(), LastMomentWithTies, changeCount).Where((_, number) => number % PropertyRuns.Divisor == 0))
            {
                var choices = new Choices();
                do
                {
                    Check(new SmallList(groups, hasTimes: true), new() { PageSize = 4 }, changes, static _ => 0, choices.Next);
                }
                while (choices.MoveNext());
            }
        }
    }

    private static void Check(SmallList list, JobListingOptions options, Change[] changes, Func<int, int> chooseRequest, Func<int, int> chooseOrder)
    {
        int moment = 0;
        var driver = new WalkDriver(options, Respond) { ChooseNext = chooseRequest };
        Exception? failure = Record.Exception(driver.Run);

        Assert.True(failure is null, $"{list}, {string.Join(", ", changes)}: {failure?.Message}; requests {string.Join(", ", driver.Requests)}");
        bool isRight = driver.Yielded.Distinct().Count() == driver.Yielded.Count && list.Survivors.All(driver.Yielded.Contains);
        Assert.True(isRight, $"{list}, {string.Join(", ", changes)}: {string.Join(' ', driver.Yielded)} instead of {string.Join(' ', list.Survivors)}");

        Job[] Respond(PageRange range)
        {
            foreach (Change change in changes.Where(change => change.Moment == moment))
            {
                list.Apply(change.Position);
            }

            moment++;
            return list.Page(range, moment <= ResponsesInAnyOrder + (changes.Length < 2 ? 1 : 0) ? chooseOrder : static _ => 0);
        }
    }

    // The sizes of the tie groups of a list, in every combination.
    private static IEnumerable<int[]> Groupings(int count) => count == 0
        ? [[]]
        : Enumerable.Range(1, count).SelectMany(first => Groupings(count - first), (first, rest) => (int[])[first, .. rest]);

    private static IEnumerable<Change[]> Scripts(int count, int lastMoment, int changeCount)
    {
        Change[] all =
        [
            .. from moment in Enumerable.Range(0, lastMoment)
               from position in Enumerable.Range(-3, count + 3)
               select new Change(moment, position),
        ];
        return Combine(0, changeCount);

        IEnumerable<Change[]> Combine(int from, int left) => left == 0
            ? [[]]
            : Enumerable.Range(from, all.Length - from).SelectMany(index => Combine(index, left - 1), (index, rest) => (Change[])[all[index], .. rest]);
    }

    /// <summary>
    /// A change before a response: a job is inserted at the top, with a new time (-3) or the newest time (-2), or after the second job (-1); or a job is
    /// removed.
    /// </summary>
    private readonly record struct Change(int Moment, int Position);

    /// <summary>Runs every sequence of choices, by repeating a run with one choice changed.</summary>
    private sealed class Choices
    {
        private readonly List<(int Choice, int Count)> _made = [];
        private int _index;

        public int Next(int count)
        {
            if (_index == _made.Count)
            {
                _made.Add((0, count));
            }

            return _made[_index++].Choice;
        }

        public bool MoveNext()
        {
            _made.RemoveRange(_index, _made.Count - _index);
            while (_made.Count > 0 && _made[^1].Choice + 1 == _made[^1].Count)
            {
                _made.RemoveAt(_made.Count - 1);
            }

            _index = 0;
            if (_made.Count > 0)
            {
                _made[^1] = (_made[^1].Choice + 1, _made[^1].Count);
            }

            return _made.Count > 0;
        }
    }

    private sealed class SmallList
    {
        private readonly List<(Job Job, int Time)> _jobs = [];
        private readonly bool _hasTimes;
        private readonly string _groups;
        private int _nextId;

        public SmallList(int[] groups, bool hasTimes)
        {
            _hasTimes = hasTimes;
            _groups = string.Join('+', groups);
            for (int group = 0; group < groups.Length; group++)
            {
                _jobs.AddRange(Enumerable.Range(0, groups[group]).Select(_ => NewJob(-10 * group)));
            }

            Survivors = [.. _jobs.Select(entry => entry.Job.TaskId)];
        }

        public List<string> Survivors { get; }

        public override string ToString() => $"groups of {_groups}";

        public void Apply(int position)
        {
            switch (position)
            {
                case -3:
                    _jobs.Insert(0, NewJob((_jobs.Count > 0 ? _jobs[0].Time : 0) + 10));
                    break;
                case -2:
                    _jobs.Insert(0, NewJob(_jobs.Count > 0 ? _jobs[0].Time : 0));
                    break;
                case -1:
                    int index = Math.Min(2, _jobs.Count);
                    _jobs.Insert(index, NewJob(index < _jobs.Count ? _jobs[index].Time : index > 0 ? _jobs[index - 1].Time : 0));
                    break;
                case { } when position < _jobs.Count:
                    Survivors.Remove(_jobs[position].Job.TaskId);
                    _jobs.RemoveAt(position);
                    break;
            }
        }

        // Jobs of the same second are neighbors. This method takes most of the time of these tests.
        public Job[] Page(PageRange range, Func<int, int> chooseOrder)
        {
            var listed = new List<Job>(_jobs.Count);
            for (int start = 0, end; start < _jobs.Count; start = end)
            {
                end = start + 1;
                while (end < _jobs.Count && _jobs[end].Time == _jobs[start].Time)
                {
                    end++;
                }

                AddInOrder(listed, start, end - start, chooseOrder);
            }

            int offset = (int)Math.Min(range.Offset, listed.Count);
            return [.. listed.GetRange(offset, Math.Min(range.Limit, listed.Count - offset))];
        }

        // Small groups are listed in every order; larger groups start at every job, in both directions.
        private void AddInOrder(List<Job> listed, int start, int count, Func<int, int> chooseOrder)
        {
            int choice = count == 1 ? 0 : chooseOrder(count == 2 ? 2 : 2 * count);
            for (int i = 0; i < count; i++)
            {
                int index = choice < count ? choice + i : choice + count - 1 - i;
                listed.Add(_jobs[start + (index % count)].Job);
            }
        }

        private (Job Job, int Time) NewJob(int time) => (
            new Job { TaskId = $"{_hasTimes}{_nextId++}", CreateTime = _hasTimes ? DateTimeOffset.UnixEpoch.AddSeconds(time) : null }, time);
    }
}
