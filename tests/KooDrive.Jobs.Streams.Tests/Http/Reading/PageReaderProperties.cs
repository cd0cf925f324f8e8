using System.Text;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace KooDrive.Jobs.Streams.Tests.Http.Reading;

/// <summary>For any bytes the outcome is a page or a <see cref="JobsResponseException"/>.</summary>
public class PageReaderProperties
{
    private static readonly byte[][] Valid = [Encoding.UTF8.GetBytes(Pages.Documented), Encoding.UTF8.GetBytes(Pages.Full)];

    // The structural characters of JSON, so that mutated pages pass the first check.
    private static readonly byte[] Telling = "{}[]\",:\\0123456789-+.eEtrufalsn \n\0\u0080\u00ff\u00ef\u00bb\u00bf<"u8.ToArray();

    [Property(MaxTest = 2000 / PropertyRuns.Divisor)]
    public void Read_returns_a_page_or_a_JobsResponseException_for_random_bytes(byte[] bytes) => AssertOutcome(bytes);

    [Property(MaxTest = 2000 / PropertyRuns.Divisor)]
    public Property Read_returns_a_page_or_a_JobsResponseException_for_random_JSON() => Prop.ForAll(Gen.Elements(Telling).ArrayOf().ToArbitrary(), AssertOutcome);

    [Property(MaxTest = 10_000 / PropertyRuns.Divisor)]
    public Property Read_returns_a_page_or_a_JobsResponseException_for_mutated_pages() => Prop.ForAll(
        Gen.Elements(Valid).SelectMany(
            page => Gen.Choose(0, page.Length - 1).Zip(Gen.Choose(0, 20).Zip(Gen.Elements(Telling).ArrayOf())),
            Mutate).ToArbitrary(),
        AssertOutcome);

    [Property(MaxTest = 2000 / PropertyRuns.Divisor)]
    public Property Read_returns_a_page_or_a_JobsResponseException_for_spliced_pages() => Prop.ForAll(
        Gen.Choose(0, Valid[0].Length).Zip(Gen.Choose(0, Valid[1].Length)).ToArbitrary(),
        cut => AssertOutcome([.. Valid[0][..cut.Item1], .. Valid[1][cut.Item2..]]));

    // Replaces some bytes of the page by others.
    private static byte[] Mutate(byte[] page, (int At, (int Removed, byte[] Added)) mutation)
    {
        (int at, (int removed, byte[] added)) = mutation;
        return [.. page[..at], .. added, .. page[Math.Min(page.Length, at + removed)..]];
    }

    private static void AssertOutcome(byte[] bytes)
    {
        try
        {
            Assert.All(Pages.Read(bytes).Jobs, job => Assert.NotEqual("", job.TaskId));
        }
        catch (JobsResponseException exception)
        {
            Assert.Equal(Pages.Facts.Offset, exception.Offset);
        }
    }
}
