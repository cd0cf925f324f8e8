using KooDrive.Jobs.Streams;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Orleans.Hosting;

/// <summary>Extension methods that deliver the events of a silo to Redis.</summary>
public static class RedisStreamSinkSiloBuilderExtensions
{
    /// <summary>Registers a <see cref="RedisStreamSink"/> as the <see cref="IJobEventSink"/> of the silo.</summary>
    /// <param name="builder">The silo.</param>
    /// <param name="configure">Sets the options.</param>
    /// <returns>The silo.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static ISiloBuilder AddKooDriveRedisStreamSink(this ISiloBuilder builder, Action<RedisStreamSinkOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        builder.Services.Configure(configure);
        builder.Services.Replace(ServiceDescriptor.Singleton<IJobEventSink, RedisStreamSink>());
        return builder;
    }
}
