using System.Reactive.Concurrency;
using System.Runtime.CompilerServices;

[assembly: TypeForwardedTo(typeof(IScheduler))]
[assembly: TypeForwardedTo(typeof(ISchedulerLongRunning))]
[assembly: TypeForwardedTo(typeof(ISchedulerPeriodic))]
[assembly: TypeForwardedTo(typeof(IStopwatch))]
[assembly: TypeForwardedTo(typeof(IStopwatchProvider))]
