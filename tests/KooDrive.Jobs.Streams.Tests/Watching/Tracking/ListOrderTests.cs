using KooDrive.Jobs.Streams.Watching.Tracking;

namespace KooDrive.Jobs.Streams.Tests.Watching.Tracking;

public class ListOrderTests
{
    [Fact]
    public void Disorder_is_the_most_by_which_a_job_is_newer_than_any_job_before_it()
    {
        ListOrder order = Order(9, 5, 7, 4, 8, 3);

        Assert.Equal((9, 3, 4), (order.Newest, order.Oldest, order.Disorder));
        Assert.False(order.IsByTime(4));
        Assert.True(order.IsByTime(5));
    }

    [Fact]
    public void IsByTime_is_true_for_no_jobs_and_false_when_a_job_has_no_creation_time()
    {
        Assert.True(Order().IsByTime(1));
        Assert.True(Order(9, 9, 5).IsByTime(1));
        Assert.False(Order(9, null, 5).IsByTime(100));
    }

    private static ListOrder Order(params long?[] times)
    {
        var order = new ListOrder();
        foreach (long? time in times)
        {
            order.Add(time);
        }

        return order;
    }
}
