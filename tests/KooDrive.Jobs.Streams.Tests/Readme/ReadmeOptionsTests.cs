using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;

namespace KooDrive.Jobs.Streams.Tests.Readme;

public sealed partial class ReadmeOptionsTests
{
    [Theory]
    [InlineData(typeof(JobsClientOptions))]
    [InlineData(typeof(JobListingOptions))]
    [InlineData(typeof(JobWatchOptions))]
    [InlineData(typeof(JobProcessingOptions))]
    [InlineData(typeof(HostedJobWatchOptions))]
    [InlineData(typeof(JobWatchGrainOptions))]
    public void Table_contains_each_option_with_its_default(Type type)
    {
        object options = Activator.CreateInstance(type)!;
        IEnumerable<string> real = type.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Select(property => $"{property.Name}: {Written(property.GetValue(options))}");
        string section = ReadmeText.Content.Split($"\n`{type.Name}`", 2)[1];
        IEnumerable<string> table = Row().Matches(section.Split("\n\n", 3)[1])
            .Select(row => $"{row.Groups["name"].Value}: {row.Groups["default"].Value}");

        Assert.Equal(real, table);
    }

    [Fact]
    public void Configuration_of_the_example_is_bound()
    {
        using var json = new MemoryStream(Encoding.UTF8.GetBytes(ReadmeText.Blocks("json").Values.Single()));
        IConfigurationSection section = new ConfigurationBuilder().AddJsonStream(json).Build().GetSection("KooDrive");

        JobsClientOptions client = section.Get<JobsClientOptions>()!;
        HostedJobWatchOptions watch = section.GetSection("Watch").Get<HostedJobWatchOptions>()!;

        Assert.Equal(("intl.myhuaweicloud-koodrive.com", "1505084218764547200", TimeSpan.FromMinutes(1)), (client.Endpoint?.Host, client.UserId, client.RequestTimeout));
        Assert.Equal((TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(1)), (watch.PollInterval, watch.MaxPollInterval));
        Assert.Equal(("/var/lib/app/jobs.checkpoint", FailedChangeAction.Skip), (watch.CheckpointPath, watch.FailedChangeAction));
    }

    private static string Written(object? value) => value switch
    {
        null => "none",
        bool flag => flag ? "yes" : "no",
        string text => $"`{text}`",
        TimeSpan time when time.TotalSeconds is >= 60 => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes} min"),
        TimeSpan time => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds} s"),
        8 * 1024 * 1024 => "8 MiB",
        JobsClientOptions or JobWatchOptions or JobProcessingOptions => "its defaults",
        Enum choice => $"`{choice}`",
        IFormattable number => number.ToString(value is double ? null : "N0", CultureInfo.InvariantCulture),
        _ => throw new NotSupportedException(value.GetType().Name),
    };

    [GeneratedRegex(@"^\| `(?<name>\w+)` \| (?<default>[^|]+) \|", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Row();
}
