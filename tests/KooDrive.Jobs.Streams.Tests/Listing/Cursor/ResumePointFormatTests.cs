using System.Globalization;
using System.Security.Cryptography;
using KooDrive.Jobs.Streams.Listing.Cursor;

namespace KooDrive.Jobs.Streams.Tests.Listing.Cursor;

public class ResumePointFormatTests
{
    private static readonly string[] DocumentedTaskIds = ["1320279189273965056", "1320279092268104960"];

    [Theory]
    [InlineData("1320279189273965056", "1320279092268104960")]
    [InlineData("18446744073709551615", "0", "1")]
    [InlineData("007", "7", "-7", "+7", " 7")]
    [InlineData("18446744073709551616", "not-a-number", "任务", "")]
    public void Read_gives_back_what_was_written(params string[] taskIds)
    {
        string[] notEmpty = [.. taskIds.Where(taskId => taskId.Length > 0)];
        var point = new ResumePoint
        {
            Query = new JobQuery { Type = (JobType)8, Status = JobStatus.Pending },
            Offset = 123_456_789_012,
            TaskIds = notEmpty,
            Unordered = [.. notEmpty.Reverse()],
        };

        ResumePoint read = ResumePointFormat.Read(point.ToString());

        Assert.Equal((point.Query, point.Offset), (read.Query, read.Offset));
        Assert.Equal(point.TaskIds, read.TaskIds);
        Assert.Equal(point.Unordered, read.Unordered);
    }

    [Fact]
    public void Read_gives_back_every_combination_of_facts()
    {
        for (int flags = 0; flags < 64; flags++)
        {
            foreach (long? time in new long?[] { null, 637_000_000_000_000_000, 637_000_000_000_000_001 })
            {
                var point = new ResumePoint
                {
                    Query = JobQuery.All,
                    Offset = 7,
                    TaskIds = ["5", "4"],
                    Time = time,
                    HasStarted = true,
                    HasEvicted = (flags & 1) != 0,
                    IsIncomplete = (flags & 2) != 0,
                    IsGroupUnordered = (flags & 4) != 0,
                    HasUnstableTies = (flags & 8) != 0,
                    IsInLargeGroup = (flags & 16) != 0,
                    LargeGroupStart = (flags & 16) != 0 ? 3 : 0,
                };

                ResumePoint read = ResumePointFormat.Read(point.ToString());

                Assert.Equal(Facts(point), Facts(read));
                Assert.Equal(point.TaskIds, read.TaskIds);
            }
        }

        static (bool, bool, bool, bool, bool, bool, long, long?, long) Facts(ResumePoint point) => (
            point.HasStarted, point.HasEvicted, point.IsIncomplete, point.IsGroupUnordered, point.HasUnstableTies, point.IsInLargeGroup, point.LargeGroupStart, point.Time,
            point.Offset);
    }

    [Fact]
    public void Write_keeps_within_what_Read_takes_however_long_the_ids()
    {
        string[] taskIds = [.. Enumerable.Range(0, ResumePoint.TaskIdLimit).Select(i => $"{new string('x', 4_000)}{i}")];

        ResumePoint read = ResumePointFormat.Read(ResumePointFormat.Write(Point(taskIds)));

        Assert.True(read.HasEvicted);
        Assert.InRange(read.TaskIds.Count, 100, taskIds.Length - 1);
        Assert.Equal(taskIds[^read.TaskIds.Count..], read.TaskIds);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(int.MaxValue)]
    public void Read_gives_back_every_filter(int value)
    {
        var query = new JobQuery { Type = (JobType)value, Status = (JobStatus)value };

        Assert.Equal(query, ResumePointFormat.Read(new ResumePoint { Query = query, Offset = 0 }.ToString()).Query);
    }

    [Theory]
    [InlineData(false, false, false)]
    [InlineData(true, false, false)]
    [InlineData(true, true, false)]
    [InlineData(true, false, true)]
    public void Read_returns_the_state_of_the_walk(bool hasBegun, bool hasEvicted, bool isInLargeGroup)
    {
        ResumePoint point = Point("1") with { HasStarted = hasBegun, HasEvicted = hasEvicted, IsInLargeGroup = isInLargeGroup };

        ResumePoint read = ResumePointFormat.Read(point.ToString());

        Assert.Equal((hasBegun, hasEvicted, isInLargeGroup), (read.HasStarted, read.HasEvicted, read.IsInLargeGroup));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(0L)]
    [InlineData(639_000_000_000_000_000L)]
    [InlineData(639_000_000_000_000_001L)]
    [InlineData(3_155_378_975_999_999_999L)]
    public void Read_returns_the_creation_time(long? time) =>
        Assert.Equal(time, ResumePointFormat.Read((Point("1") with { Time = time }).ToString()).Time);

    [Fact]
    public void Read_returns_the_state_of_a_large_tie_group()
    {
        ResumePoint point = Point("1") with { IsInLargeGroup = true, LargeGroupStart = 123_456, LargeGroupReadings = 7, LargeGroupAllReadings = 250, IsGroupUnordered = true, HasUnstableTies = true };

        ResumePoint read = ResumePointFormat.Read(point.ToString());

        Assert.Equal((123_456, 7, 250), (read.LargeGroupStart, read.LargeGroupReadings, read.LargeGroupAllReadings));
        Assert.Equal((true, true), (read.IsGroupUnordered, read.HasUnstableTies));
    }

    [Theory]
    [InlineData(TimeSpan.TicksPerSecond)]
    [InlineData(1)]
    public void Read_returns_the_earlier_jobs_whether_they_are_newer_or_older(long unit)
    {
        long time = 639_000_000_000_000_000;
        ResumePoint point = Point("100") with { Time = time + unit, Earlier = [("103", time + unit), ("101", time + (9 * unit)), ("a", time), ("99", time + (2 * unit))] };

        Assert.Equal(point.Earlier, ResumePointFormat.Read(point.ToString()).Earlier);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 30)]
    [InlineData(3, 1)]
    public void Write_fills_a_line_of_a_terminal_with_earlier_jobs(int jobsPerSecond, int seconds)
    {
        long time = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc).Ticks;
        IEnumerable<(string, long)> earlier = Enumerable.Range(jobsPerSecond, ResumePoint.EarlierLimit)
            .Select(i => (IdAt(i), time + (i / jobsPerSecond * seconds * TimeSpan.TicksPerSecond)));
        ResumePoint point = Point([.. Enumerable.Range(0, jobsPerSecond).Select(IdAt)]) with { Offset = 123_456, HasStarted = true, Time = time, Earlier = [.. earlier] };

        string text = point.ToString();

        Assert.InRange(text.Length, 55, 69);
        Assert.InRange(ResumePointFormat.Read(text).Earlier.Count, 1, ResumePoint.EarlierLimit);

        string IdAt(int i) => (1_320_279_189_273_965_056 + ((long)i * seconds * (1_000L << 22) / jobsPerSecond)).ToString(CultureInfo.InvariantCulture);
    }

    [Fact]
    public void Write_stays_under_100_characters_for_a_typical_account()
    {
        long time = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc).Ticks;
        string[] taskIds = [.. Enumerable.Range(0, 5).Select(i => (1_320_279_189_273_965_056 + ((long)i << 23) + i).ToString(CultureInfo.InvariantCulture))];

        Assert.InRange((Point(taskIds[..1]) with { Offset = 123_456, HasStarted = true, Time = time }).ToString().Length, 1, 45);
        Assert.InRange((Point(taskIds) with { Offset = 123_456, HasStarted = true, Time = time }).ToString().Length, 1, 99);
    }

    [Fact]
    public void Write_keeps_the_largest_resume_point_under_three_kilobytes_of_url_safe_text()
    {
        var random = new Random(1);
        long taskId = 1_320_279_189_273_965_056;
        string[] taskIds =
        [
            .. Enumerable.Range(0, ResumePoint.TaskIdLimit)
                .Select(_ => (taskId -= random.NextInt64(60_000L << 23)).ToString(CultureInfo.InvariantCulture)),
        ];

        string text = (Point(taskIds) with { HasEvicted = true }).ToString();

        Assert.InRange(text.Length, 1, 3 * 1024);
        Assert.Matches("^[A-Za-z0-9._-]+$", text);
    }

    [Fact]
    public void Read_rejects_damaged_text()
    {
        string text = Point(DocumentedTaskIds).ToString();
        for (int i = 0; i < text.Length; i++)
        {
            AssertRejected(text.Remove(i, 1));
            AssertRejected(text[..i]);
            AssertRejected(text.Insert(i, "A"));

            // The last character contains unused bits.
            AssertRejected($"{text[..i]}{(text[i] == 'A' ? 'Q' : 'A')}{text[(i + 1)..]}");
        }

        AssertRejected("v1" + text[2..]);
        AssertRejected("v3." + new string('A', 1_000_000));
    }

    [Fact]
    public void Read_throws_only_FormatException_for_any_bytes_with_a_correct_checksum()
    {
        var random = new Random(7);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] payload = new byte[random.Next(40)];
            random.NextBytes(payload);
            if (random.Next(2) == 0)
            {
                for (int j = 0; j < payload.Length; j++)
                {
                    payload[j] &= 0x07;
                }
            }

            byte[] whole = [.. payload, .. SHA256.HashData(payload).Take(4)];
            try
            {
                ResumePoint point = ResumePointFormat.Read("v3." + System.Buffers.Text.Base64Url.EncodeToString(whole));
                Assert.InRange(point.Offset, 0, 1L << 53);
                Assert.InRange(point.TaskIds.Count, 0, ResumePoint.TaskIdLimit);
            }
            catch (FormatException)
            {
                // The documented exception.
            }
        }
    }

    private static ResumePoint Point(params string[] taskIds) => new() { Query = JobQuery.All, Offset = 700, TaskIds = taskIds };

    private static void AssertRejected(string text) => Assert.Throws<FormatException>(() => ResumePointFormat.Read(text));
}
