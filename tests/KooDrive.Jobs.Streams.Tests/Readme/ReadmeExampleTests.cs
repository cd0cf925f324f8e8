namespace KooDrive.Jobs.Streams.Tests.Readme;

public sealed class ReadmeExampleTests
{
    public static TheoryData<int> Lines => [.. ReadmeText.Blocks("csharp").Keys];

    [Theory]
    [MemberData(nameof(Lines))]
    public Task Example_compiles_as_pasted_without_a_warning_and_runs_to_its_end(int line) => RunAsync(ReadmeText.Blocks("csharp")[line], line);

    [Fact]
    public void Compile_reports_the_error_of_an_example_with_its_line()
    {
        Exception failure = Assert.ThrowsAny<Exception>(() => ReadmeExample.Compile("KooDrive.Jobs.Streams.JobListing.FromPagez();\n", 7));

        Assert.Contains("README.md(7,", failure.Message, StringComparison.Ordinal);
        Assert.Contains("FromPagez", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Compile_reports_a_missing_using_directive()
    {
        Exception failure = Assert.ThrowsAny<Exception>(() => ReadmeExample.Compile("Console.WriteLine(new Job { TaskId = \"1\" });\n", 1));

        Assert.Contains("'Job'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Example_fails_when_it_throws()
    {
        Func<string[], Task> program = ReadmeExample.Compile("await Task.Yield();\nthrow new InvalidOperationException(\"thrown\");\n", 1);

        InvalidOperationException failure = await Assert.ThrowsAsync<InvalidOperationException>(() => program([]));
        Assert.Equal("thrown", failure.Message);
    }

    [Fact]
    public async Task Example_that_runs_a_host_ends_when_the_host_has_started()
    {
        int started = await RunAsync(
            """
            using KooDrive.Jobs.Streams;
            using Microsoft.Extensions.Configuration;
            using Microsoft.Extensions.DependencyInjection;
            using Microsoft.Extensions.Hosting;

            var builder = Host.CreateApplicationBuilder(args);
            builder.Services.AddKooDriveJobs(builder.Configuration.GetSection("KooDrive"));
            builder.Services.AddSingleton<JobsCredential>(new AccessTokenCredential(builder.Configuration["KooDrive:Token"]!));
            await builder.Build().RunAsync();
            """,
            1);

        Assert.Equal(1, started);
    }

    // The number of hosts that the example started.
    private static async Task<int> RunAsync(string example, int line)
    {
        Func<string[], Task> program = ReadmeExample.Compile(example, line);
        await using ReadmeScene scene = await ReadmeScene.StartAsync(TestContext.Current.CancellationToken);
        using var hosts = new HostsStop();

        await program(scene.ArgumentsFor(example)).WaitAsync(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken);

        return hosts.Started;
    }
}
