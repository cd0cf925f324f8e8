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

        OptionsValidationException failure = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(TestContext.Current.CancellationToken));

        Assert.Collection(
            failure.Failures,
            message => Assert.StartsWith("Endpoint is plain http to drive.example", message, StringComparison.Ordinal),
            message => Assert.StartsWith("UserId is missing", message, StringComparison.Ordinal),
            message => Assert.Equal("MaxRetries is 11: it must be 0 to 10 retries.", message),
            message => Assert.Equal("AttemptTimeout is 1,800 s: it must be 0.1 s to 600 s.", message),
            message => Assert.Equal("AttemptTimeout is 1,800 s: it must be at most 120 s (RequestTimeout), which covers all attempts.", message),
            message => Assert.StartsWith("KooDrive:Token is missing: ", message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("KooDrive:MaxRetrys", "KooDrive:MaxRetries")]
    [InlineData("KooDrive:tokn", "KooDrive:Token")]
    [InlineData("KooDrive:Wacht:PollInterval", "KooDrive:Watch", "KooDrive:Wacht")]
    [InlineData("KooDrive:Watch:PolInterval", "KooDrive:Watch:PollInterval")]
    [InlineData("KooDrive:Watch:Interval", "KooDrive:Watch:PollInterval")]
    [InlineData("KooDrive:Watch:Checkpoint", "KooDrive:Watch:CheckpointPath")]
    [InlineData("KooDrive:Watch:Watch:PollInterval", "KooDrive:Watch:PollInterval")]
    [InlineData("KooDrive:Watch:PollInterval:Seconds", "KooDrive:Watch:PollInterval")]
    [InlineData("KooDrive:MaxRetries:Watch:0", "KooDrive:MaxRetries")]
    public async Task StartAsync_suggests_the_nearest_key_for_an_unknown_one(string key, string nearest, string? unknown = null)
    {
        using IHost host = Configured((key, "00:00:07"));

        OptionsValidationException failure = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(TestContext.Current.CancellationToken));

        Assert.Equal([$"The configuration key {unknown ?? key} is unknown: did you mean {nearest}?"], failure.Failures);
    }

    [Theory]
    [InlineData("KooDrive:Watch:pollInterval")]
    [InlineData("KooDrive:Archive:UserId")]
    public async Task StartAsync_accepts_keys_in_any_case_and_sections_of_other_accounts(string key)
    {
        using IHost host = Configured((key, "00:00:07"));

        await host.StartAsync(TestContext.Current.CancellationToken);
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData(null, null, null, "KooDrive:Token is missing: set it in user secrets, a vault or the environment variable KooDrive__Token, ")]
    [InlineData("", null, null, "KooDrive:Token is missing: ")]
    [InlineData(null, "app", null, "KooDrive:AppSecret is missing: ")]
    [InlineData(null, null, "secret", "KooDrive:AppId is missing: ")]
    [InlineData("token", "app", "secret", "KooDrive:Token and KooDrive:AppId are both set: remove one of them.")]
    [InlineData("to\nken", null, null, "KooDrive:Token is invalid: ")]
    public async Task StartAsync_names_the_missing_key_of_the_credential(string? token, string? appId, string? appSecret, string message)
    {
        using IHost host = Configured(("KooDrive:Token", token), ("KooDrive:AppId", appId), ("KooDrive:AppSecret", appSecret));

        OptionsValidationException failure = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(TestContext.Current.CancellationToken));

        Assert.StartsWith(message, Assert.Single(failure.Failures), StringComparison.Ordinal);
        Assert.DoesNotContain("to\nken", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StartAsync_reports_a_value_of_the_wrong_type_by_its_name()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["KooDrive:MaxRetries"] = "abc" });
        builder.Services.AddKooDriveJobs(builder.Configuration.GetSection("KooDrive"));
        using IHost host = builder.Build();

        InvalidOperationException failure = await Assert.ThrowsAsync<InvalidOperationException>(() => host.StartAsync(TestContext.Current.CancellationToken));

        Assert.Contains("'abc' at 'KooDrive:MaxRetries'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StartAsync_states_how_to_register_a_missing_credential()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Services.AddKooDriveJobs(Valid);
        builder.Services.AddKeyedKooDriveJobs("archive", Valid);
        using IHost host = builder.Build();

        AggregateException failure = await Assert.ThrowsAsync<AggregateException>(() => host.StartAsync(TestContext.Current.CancellationToken));

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

        OptionsValidationException failure = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(TestContext.Current.CancellationToken));

        Assert.All(failure.Failures, message => Assert.StartsWith("archive: ", message, StringComparison.Ordinal));
    }

    private static IHost Configured(params (string Key, string? Value)[] settings)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["KooDrive:Endpoint"] = "https://drive.example",
            ["KooDrive:UserId"] = "1",
            ["KooDrive:Token"] = "token",
        });
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, setting.Value)));
        builder.Services.AddKooDriveJobs(builder.Configuration.GetSection("KooDrive"));
        builder.Services.AddKooDriveJobWatch(builder.Configuration.GetSection("KooDrive:Watch"));
        return builder.Build();
    }
}
