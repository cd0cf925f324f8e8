using System.Reflection;
using BenchmarkDotNet.Attributes;

namespace KooDrive.Jobs.Streams.Tests.Benchmarks;

/// <summary>Runs each benchmark of a class once. Benchmarks verify their results, so a run is a test.</summary>
internal static class BenchmarkRuns
{
    public static async Task RunAllAsync(object benchmarks)
    {
        MethodInfo[] methods = benchmarks.GetType().GetMethods();
        await InvokeAsync<GlobalSetupAttribute>();
        try
        {
            foreach (MethodInfo benchmark in With<BenchmarkAttribute>())
            {
                await InvokeAsync<IterationSetupAttribute>();
                await AwaitAsync(benchmark.Invoke(benchmarks, null));
                await InvokeAsync<IterationCleanupAttribute>();
            }
        }
        finally
        {
            await InvokeAsync<GlobalCleanupAttribute>();
        }

        IEnumerable<MethodInfo> With<T>()
            where T : Attribute => methods.Where(method => method.GetCustomAttribute<T>() is not null);

        async Task InvokeAsync<T>()
            where T : Attribute
        {
            foreach (MethodInfo method in With<T>())
            {
                await AwaitAsync(method.Invoke(benchmarks, null));
            }
        }
    }

    private static async Task AwaitAsync(object? result)
    {
        if (result is Task task)
        {
            await task;
        }
    }
}
