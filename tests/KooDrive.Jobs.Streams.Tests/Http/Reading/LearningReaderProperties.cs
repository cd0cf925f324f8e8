using System.Text;
using KooDrive.Jobs.Streams.Http.Reading;

namespace KooDrive.Jobs.Streams.Tests.Http.Reading;

/// <summary>For any bytes, and with any layout learned before, the learning reader returns the same jobs or the same rejection as the plain reader.</summary>
public class LearningReaderProperties
{
    private static readonly int Servers = (LongTests.AreEnabled ? 5_000 : 1_500) / PropertyRuns.Divisor;
    private const int PagesOfAServer = 7;

    [Fact]
    public void Read_equals_the_plain_reader_on_generated_and_damaged_pages()
    {
        int jobs = 0, rejections = 0;
        for (int seed = 0; seed < Servers; seed++)
        {
            var server = new GeneratedPages(seed);
            var offset = TimeSpan.FromMinutes(30 * (seed % 5));
            var reader = new LearningReader(offset);
            for (int i = 0; i < PagesOfAServer; i++)
            {
                // Some servers change.
                server = i == 4 && seed % 3 == 0 ? new GeneratedPages(-seed) : server;
                byte[] page = server.Whole();
                foreach (byte[]? body in new[] { page, server.Damaged(page), server.Damaged(page) })
                {
                    var plain = ReaderOutcome.Of(() => PageReader.Read(body, offset, Pages.Facts));
                    var learning = ReaderOutcome.Of(() => reader.Read(body, Pages.Facts));
                    Assert.True(
                        plain.IsLike(learning),
                        $"Seed {seed}, page {i}: {Encoding.UTF8.GetString(body)}\nplain: {plain}\nlearning: {learning}");
                    jobs += plain.Page?.Jobs.Count ?? 0;
                    rejections += plain.Page is null ? 1 : 0;
                }
            }
        }

        // Enough cases of each kind.
        Assert.InRange(jobs, 30 * Servers, int.MaxValue);
        Assert.InRange(rejections, 4 * Servers, 12 * Servers);
    }
}
