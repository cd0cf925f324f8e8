using System.Reflection;
using System.Runtime.CompilerServices;
using System.Xml.Linq;
using KooDrive.Jobs.Streams.Emulator;
using KooDrive.Jobs.Streams.Tests.Watching.Polling;
using Microsoft.AspNetCore.Builder;

namespace KooDrive.Jobs.Streams.Tests;

/// <summary>Rules for the public API.</summary>
public sealed class PublicApiTests
{
    [Theory]
    [InlineData(typeof(JobsClient))]
    [InlineData(typeof(JobEventsEndpointRouteBuilderExtensions))]
    [InlineData(typeof(IJobWatchGrain))]
    [InlineData(typeof(JobsEmulator))]
    public void Documentation_does_not_refer_to_another_overload(Type type)
    {
        string path = Path.ChangeExtension(type.Assembly.Location, ".xml");
        IEnumerable<XElement> members = XDocument.Load(path).Root!.Element("members")!.Elements();

        Assert.NotEmpty(members);
        Assert.Empty(members
            .Where(member => member.Element("summary")?.Value.TrimStart().StartsWith("The same", StringComparison.OrdinalIgnoreCase) ?? false)
            .Select(member => member.Attribute("name")!.Value)
            .Where(IsPublic));

        // The documentation file also contains internal members; the PublicAPI files list the public members.
        bool IsPublic(string name) => name.Split(':', '(')[1].Split('.') is [.., var one, var member]
            && type.Assembly.GetExportedTypes().Any(exported => exported.Name == one && exported.GetMember(member).Length > 0);
    }

    [Fact]
    public void ResumePoint_of_an_exception_is_init_only()
    {
        MethodInfo setter = typeof(JobsException).GetProperty(nameof(JobsException.ResumePoint))!.SetMethod!;

        Assert.True(setter.IsPublic);
        Assert.Contains(typeof(IsExternalInit), setter.ReturnParameter.GetRequiredCustomModifiers());
        Assert.Equal("p", new JobsServerException("down") { ResumePoint = "p" }.ResumePoint);
    }

    [Fact]
    public async Task ToString_describes_listings_pages_and_watches()
    {
        using var client = new InMemoryJobsClient(new InMemoryJobs());
        var query = new JobQuery { Type = JobType.BatchDeletion, Status = JobStatus.Completed };

        Assert.Equal("All jobs", client.ListJobs().ToString());
        Assert.Equal("Jobs of type BatchDeletion", client.ListJobs(query with { Status = null }).ToString());
        Assert.Equal("Jobs with status Completed", client.ListJobs(query with { Type = null }).ToString());
        Assert.Equal("Jobs of type BatchDeletion with status Completed", client.ListJobs(query).ToString());
        Assert.Equal("2 jobs at offset 100, limit 50", new JobPage { Jobs = [new Job { TaskId = "1" }, new Job { TaskId = "2" }], Offset = 100, Limit = 50 }.ToString());
        await using JobWatch watch = client.WatchJobs(new JobWatchOptions { Type = JobType.BatchDeletion });
        Assert.Equal("Jobs of type BatchDeletion, 0 polls", watch.ToString());
        await using var fake = JobWatch.FromEvents(new WatchSynced());
        Assert.Equal("Jobs without a server", fake.ToString());
    }

    [Theory]
    [InlineData("KooDrive.Jobs.Streams")]
    [InlineData("KooDrive.Jobs.Streams.AspNetCore")]
    [InlineData("KooDrive.Jobs.Streams.Orleans")]
    [InlineData("KooDrive.Jobs.Streams.Emulator")]
    public void Internals_are_visible_only_to_the_tests(string assembly) => Assert.Equal(
        [typeof(PublicApiTests).Assembly.GetName().Name!],
        Assembly.Load(assembly).GetCustomAttributes<InternalsVisibleToAttribute>().Select(attribute => attribute.AssemblyName));
}
