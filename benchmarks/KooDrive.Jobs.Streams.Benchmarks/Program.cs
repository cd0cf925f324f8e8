using System.Globalization;
using BenchmarkDotNet.Running;
using KooDrive.Jobs.Streams.Benchmarks;

switch (args)
{
    case [ServerProcess.Command, var jobs]:
        await ServerProcess.RunAsync(int.Parse(jobs, CultureInfo.InvariantCulture));
        break;
    case [StartBenchmarks.NothingCommand]:
        break;
    case [SummaryTable.Command]:
        await SummaryTable.PrintAsync(Console.Out);
        break;
    default:
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
        break;
}
