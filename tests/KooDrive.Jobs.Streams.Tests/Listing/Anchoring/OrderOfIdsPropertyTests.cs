using System.Globalization;

namespace KooDrive.Jobs.Streams.Tests.Listing.Anchoring;

/// <summary>What a walk finds by the order of ids it finds without it too: the same steps, the same end, whatever the ids are.</summary>
public class OrderOfIdsPropertyTests
{
    private const int Stories = 2_000 / PropertyRuns.Divisor;
    private const int Lives = 2_000 / PropertyRuns.Divisor;

    private static readonly Func<long, string>[] Namings =
    [
        age => (1_320_279_000_000_000_000 + (age * 97)).ToString(CultureInfo.InvariantCulture),
        age => (100_000 - age).ToString(CultureInfo.InvariantCulture),
        age => $"job-{age}",
        age => $"{(age * 7919) % 100_003}",
        age => age % 50 == 49 ? $"imported {age}" : $"{5_000 + age}",
    ];

    [Fact]
    public void A_walk_takes_the_same_steps_with_the_order_of_ids_and_without()
    {
        for (int seed = 0; seed < Stories; seed++)
        {
            Func<long, string> naming = Namings[seed % Namings.Length];
            WalkStory with = new(seed, naming), without = new(seed, naming);

            JobListingException? end = End(with, trustsOrderOfIds: true);
            JobListingException? plainEnd = End(without, trustsOrderOfIds: false);

            Assert.True(with.Yielded.SequenceEqual(without.Yielded), $"Seed {seed} ({with}).");
            Assert.True((end?.Reason, end?.Message) == (plainEnd?.Reason, plainEnd?.Message), $"Seed {seed}: {end?.Message} / {plainEnd?.Message} ({with}).");
        }
    }

    [Fact]
    public void RememberedJobs_answer_the_same_with_the_order_of_ids_and_without()
    {
        for (int seed = 0; seed < Lives; seed++)
        {
            var random = new Random(seed);
            Func<long, string> naming = Namings[seed % Namings.Length];
            int capacity = random.Next(1, 30);
            RememberedJobs with = new(capacity), without = new(capacity, trustsOrder: false);
            if (random.Next(3) == 0)
            {
                string[] restored = [.. Enumerable.Range(0, random.Next(6)).Select(i => naming(1_000 - (i / 2)))];
                with.Restore(restored, hasForgotten: true);
                without.Restore(restored, hasForgotten: true);
            }

            long next = 900;
            for (int page = 1; page < 20; page++)
            {
                string[] known = without.Furthest(int.MaxValue);
                string? anchor = known.Length == 0 ? null : random.Next(5) == 0 ? known[random.Next(known.Length)] : known[^1];
                Job[] jobs = [.. Enumerable.Range(0, random.Next(8)).Select(_ => new Job { TaskId = naming(random.Next(20) == 0 ? 2_000 + page : next -= random.Next(1, 3)) })
                    .DistinctBy(job => job.TaskId).Where(job => !without.Contains(job.TaskId))];
                with.Add(jobs, anchor, page, index: 3);
                without.Add(jobs, anchor, page, index: 3);
                foreach (string taskId in jobs.Select(job => job.TaskId).Concat(known).Append(naming(random.Next(1_100))))
                {
                    Assert.Equal(without.Contains(taskId), with.Contains(taskId));
                    Assert.Equal(without.TryGetSighting(taskId, out var before), with.TryGetSighting(taskId, out var same));
                    Assert.Equal(before, same);
                    if (random.Next(4) == 0 && without.Contains(taskId))
                    {
                        with.SawAgain(taskId, new(page, 9));
                        without.SawAgain(taskId, new(page, 9));
                    }
                }

                Assert.Equal(without.Furthest(int.MaxValue), with.Furthest(int.MaxValue));
                Assert.Equal(without.HasForgotten, with.HasForgotten);
            }
        }
    }

    private static JobListingException? End(WalkStory story, bool trustsOrderOfIds)
    {
        try
        {
            story.Run(trustsOrderOfIds);
            return null;
        }
        catch (JobListingException exception)
        {
            return exception;
        }
    }
}
