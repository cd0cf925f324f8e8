using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using KooDrive.Jobs.Streams.Http.Reading;
using KooDrive.Jobs.Streams.Listing.Cursor;
using KooDrive.Jobs.Streams.Tests.Http.Reading;
using KooDrive.Jobs.Streams.Tests.Watching.Checkpoints;
using KooDrive.Jobs.Streams.Watching.Checkpoints;

namespace KooDrive.Jobs.Streams.Tests.Fuzzing;

/// <summary>The guarantees of each reader for any input. An exception that is not documented is a failure.</summary>
internal static class FuzzTargets
{
    // The allocations that do not depend on the input: an exception with its stack trace, the array of a page, a layout.
    private const long FixedBytes = 256 * 1024;
    private const long BytesPerByte = 200;
    private static readonly MemoryCheckpointStore Store = new();

    /// <summary>
    /// A page is read, or rejected with the documented exception. The learning reader has the same result as the plain reader, with any layout learned before.
    /// </summary>
    public static void Page(byte[] body, LearningReader learning)
    {
        var plain = ReaderOutcome.Of(() => PageReader.Read(body, default, Pages.Facts));
        var learned = ReaderOutcome.Of(() => learning.Read(body, Pages.Facts));
        Assert.True(plain.IsLike(learned), $"plain: {plain}, learning: {learned}");
        Assert.All(plain.Page?.Jobs ?? [], job => Assert.NotEqual("", job.TaskId));
    }

    public static void Error(byte[] body)
    {
        (string? code, string? message) = ErrorBodyReader.Read(body);
        Assert.True((code?.Length ?? 0) + (message?.Length ?? 0) <= body.Length, "a code and a message are no longer than the body");
    }

    public static void ResumePointText(string text)
    {
        try
        {
            ResumePoint point = ResumePointFormat.Read(text);
            ResumePoint again = ResumePointFormat.Read(point.ToString());
            Assert.Equal((point.Query, point.Offset, point.Time, point.HasEvicted), (again.Query, again.Offset, again.Time, again.HasEvicted));
            Assert.InRange(point.TaskIds.Count, 0, ResumePoint.TaskIdLimit);
        }
        catch (FormatException)
        {
            // Documented.
        }
    }

    /// <summary>The content is damaged before the checksum is computed, so that the checksum is correct.</summary>
    public static string Signed(byte[] payload) => "v1." + Base64Url.EncodeToString([.. payload, .. SHA256.HashData(payload).AsSpan(0, 4)]);

    public static byte[] SignedCheckpoint(byte[] body) =>
        [.. Encoding.ASCII.GetBytes($"koodrive-jobs-checkpoint 2 {Convert.ToHexStringLower(SHA256.HashData(body))}\n"), .. body];

    public static void Checkpoint(byte[] checkpoint)
    {
        try
        {
            CheckpointFormat.Read(checkpoint, JobType.BatchDeletion, Store);
        }
        catch (JobCheckpointException)
        {
            // Documented.
        }
    }

    /// <summary>Runs a target and compares its allocations with the length of its input.</summary>
    public static void Bounded(int length, Action target)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        target();
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(allocated <= FixedBytes + (BytesPerByte * length), $"{allocated} bytes were allocated for an input of {length}");
    }
}
