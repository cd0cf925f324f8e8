using System.Threading.RateLimiting;
using KooDrive.Jobs.Streams.Tests.Http;
using Microsoft.Extensions.DependencyInjection;

namespace KooDrive.Jobs.Streams.Tests.Hosting;

public class RateLimiterRegistrationTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("archive")]
    public async Task Client_uses_the_RateLimiter_of_the_container(string? limiterKey)
    {
        using var limiter = new FakeLimiter();
        using var handler = new StubHandler(_ => StubHandler.Page());
        var services = new ServiceCollection();
        services.AddKeyedSingleton("archive", TestClients.Credential);
        services.AddKeyedSingleton<RateLimiter>(limiterKey, limiter);
        services.AddKeyedKooDriveJobs("archive", options => (options.Endpoint, options.UserId) = (new Uri("https://drive.example"), TestClients.UserId))
            .ConfigurePrimaryHttpMessageHandler(() => handler);
        await using ServiceProvider provider = services.BuildServiceProvider();

        Task<JobPage> page = provider.GetRequiredKeyedService<JobsClient>("archive").GetAsync();
        Assert.Empty(handler.Requests);
        limiter.Grant();

        await page;
    }
}
