using System.Reflection;
using Microsoft.Extensions.Logging;

namespace KooDrive.Jobs.Streams.Tests.Diagnostics;

public class LogEventIdTests
{
    [Fact]
    public void LoggerMessages_have_unique_event_ids()
    {
        var messages = typeof(JobsClient).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Select(method => (Method: method, Message: method.GetCustomAttribute<LoggerMessageAttribute>()))
            .Where(found => found.Message is not null)
            .ToList();

        Assert.True(messages.Count >= 12, $"only {messages.Count} messages were found");
        Assert.All(messages, found => Assert.True(found.Message!.EventId > 0, found.Method.Name));
        Assert.Empty(messages.GroupBy(found => found.Message!.EventId).Where(same => same.Count() > 1).Select(same => same.Key));
    }
}
