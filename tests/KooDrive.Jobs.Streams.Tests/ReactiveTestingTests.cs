using System.Reactive.Linq;
using Microsoft.Reactive.Testing;

namespace KooDrive.Jobs.Streams.Tests;

public class ReactiveTestingTests
{
    [Fact]
    public void TestScheduler_drives_the_operators_of_System_Reactive()
    {
        var scheduler = new TestScheduler();
        int ticks = 0;
        using IDisposable subscription = Observable.Interval(TimeSpan.FromHours(1), scheduler).Subscribe(_ => ticks++);

        scheduler.AdvanceBy(TimeSpan.FromDays(1).Ticks);

        Assert.Equal(24, ticks);
    }
}
