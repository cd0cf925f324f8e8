using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace KooDrive.Jobs.Streams.Tests.Hosting;

public class HostStartTests
{
    [Fact]
    public async Task StartAsync_reports_every_invalid_option_together()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["KooDrive:Endpoint"] = "http://drive.example",
            ["KooDrive:MaxRetries"] = "11",
            ["KooDrive:AttemptTimeout"] = "00:30:00",
        });
        builder.Services.AddKooDriveJobs(builder.Configuration.GetSection("KooDrive"));
        using IHost host = builder.Build();

        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(TestContext.Current.CancellationToken));

        Assert.Collection(
            failure.Failures,
            message => Assert.StartsWith("Endpoint is plain http to drive.example", message, StringComparison.Ordinal),
            message => Assert.StartsWith("UserId is missing", message, StringComparison.Ordinal),
            message => Assert.Equal("MaxRetries is 11: it must be 0 to 10 retries.", message),
            message => Assert.Equal("AttemptTimeout is 1,800 s: it must be 0.1 s to 600 s.", message),
            message => Assert.Equal("AttemptTimeout is 1,800 s: it must be at most 120 s (RequestTimeout), which covers all attempts.", message),
            message => Assert.StartsWith("No JobsCredential is registered: call services.AddSingleton<JobsCredential>(", message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task StartAsync_reports_a_value_of_the_wrong_type_by_its_name()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["KooDrive:MaxRetries"] = "abc" });
        builder.Services.AddKooDriveJobs(builder.Configuration.GetSection("KooDrive"));
        using IHost host = builder.Build();

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => host.StartAsync(TestContext.Current.CancellationToken));

        Assert.Contains("'abc' at 'KooDrive:MaxRetries'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StartAsync_states_how_to_register_a_missing_credential()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Services.AddKooDriveJobs(Valid);
        builder.Services.AddKeyedKooDriveJobs("archive", Valid);
        using IHost host = builder.Build();

        var failure = await Assert.ThrowsAsync<AggregateException>(() => host.StartAsync(TestContext.Current.CancellationToken));

        string[] failures = [.. failure.InnerExceptions.Cast<OptionsValidationException>().SelectMany(exception => exception.Failures).Order()];
        Assert.Equal(
            [
                "No JobsCredential is registered: call services.AddSingleton<JobsCredential>(…) with an AccessTokenCredential or an AppCredential.",
                "archive: No JobsCredential is registered: call services.AddKeyedSingleton<JobsCredential>(\"archive\", …) with an AccessTokenCredential or an AppCredential.",
            ],
            failures);

        static void Valid(JobsClientOptions options) => (options.Endpoint, options.UserId) = (new Uri("https://drive.example"), "1");
    }

    [Fact]
    public async Task StartAsync_names_the_account_of_invalid_options()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Services.AddKeyedKooDriveJobs("archive", options => options.Endpoint = new Uri("https://drive.example"));
        using IHost host = builder.Build();

        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(TestContext.Current.CancellationToken));

        Assert.All(failure.Failures, message => Assert.StartsWith("archive: ", message, StringComparison.Ordinal));
    }
}
