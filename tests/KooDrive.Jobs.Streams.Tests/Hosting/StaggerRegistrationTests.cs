using Microsoft.Extensions.DependencyInjection;

namespace KooDrive.Jobs.Streams.Tests.Hosting;

public class StaggerRegistrationTests
{
    [Theory]
    [InlineData(null, null, null)]
    [InlineData(null, true, true)]
    [InlineData("archive", null, true)]
    [InlineData("archive", false, false)]
    public void Watch_with_a_service_key_staggers_its_first_poll_unless_the_option_is_set(string? serviceKey, bool? option, bool? expected)
    {
        using var client = new RecordingClient();
        var services = new ServiceCollection();
        services.AddKeyedSingleton<JobsClient>(serviceKey, client);
        if (serviceKey is null)
        {
            services.AddKooDriveJobWatch(options => options.StaggerFirstPoll = option);
        }
        else
        {
            services.AddKeyedKooDriveJobWatch(serviceKey, options => options.StaggerFirstPoll = option);
        }

        using ServiceProvider provider = services.BuildServiceProvider();
        provider.GetRequiredKeyedService<JobWatch>(serviceKey);

        Assert.Equal(expected, client.Options!.StaggerFirstPoll);
    }

    private sealed class RecordingClient : JobsClient
    {
        public JobWatchOptions? Options { get; private set; }

        public override JobWatch WatchJobs(JobWatchOptions? options = null, JobWatchServices? services = null)
        {
            Options = options;
            return JobWatch.FromEvents();
        }
    }
}
