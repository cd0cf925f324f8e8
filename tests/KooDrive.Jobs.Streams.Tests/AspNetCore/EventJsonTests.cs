using System.Text;
using System.Text.Json;

namespace KooDrive.Jobs.Streams.Tests.AspNetCore;

public class EventJsonTests
{
    [Fact]
    public void Write_points_to_the_log_for_what_others_exceptions_say_whoever_keeps_that()
    {
        using var line = new MemoryStream();
        using (var json = new Utf8JsonWriter(line))
        {
            EventJson.Write(json, new PollFailed { Error = new IOException("very-secret"), Attempt = 1, Delay = TimeSpan.FromSeconds(1) });
        }

        JsonElement failed = JsonDocument.Parse(Encoding.UTF8.GetString(line.ToArray())).RootElement;
        Assert.Equal("The poll failed: IOException. The log says more.", failed.GetProperty("error").GetString());
    }
}
