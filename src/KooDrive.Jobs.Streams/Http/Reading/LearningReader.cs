using KooDrive.Jobs.Streams.Errors;

namespace KooDrive.Jobs.Streams.Http.Reading;

/// <summary>
/// Reads pages with the job layout learned from earlier pages: faster than <see cref="PageReader"/> alone, with the same results and errors.
/// Thread-safe.
/// </summary>
internal sealed class LearningReader(TimeSpan timestampOffset)
{
    // One read at a time uses the layout; concurrent reads start with a new layout.
    private JobLayout? _layout;

    /// <summary>The layout learned so far; null before the first page and during a read.</summary>
    internal JobLayout? Layout => _layout;

    /// <inheritdoc cref="PageReader.Read"/>
    public JobPage Read(ReadOnlySpan<byte> body, in RequestFacts facts)
    {
        JobLayout layout = Interlocked.Exchange(ref _layout, null) ?? new JobLayout(timestampOffset);
        try
        {
            return PageReader.Read(body, timestampOffset, facts, layout);
        }
        catch (JobsResponseException)
        {
            // The plain reader finds the error and its position.
            return PageReader.Read(body, timestampOffset, facts);
        }
        finally
        {
            _layout = layout;
        }
    }
}
