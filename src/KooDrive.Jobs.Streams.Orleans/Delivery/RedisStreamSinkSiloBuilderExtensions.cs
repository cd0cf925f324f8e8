using KooDrive.Jobs.Streams;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Orleans.Hosting;

/// <summary>Extension methods that deliver the events of a silo to Redis.</summary>
public static class RedisStreamSinkSiloBuilderExtensions
{
    /// <summary>Registers a <see cref="RedisStreamSink"/> as the <see cref="IJobEventSink"/> of the silo.</summary>
    /// <param name="builder">The silo.</param>
    /// <param name="configure">Sets the options.</param>
    /// <returns>The silo.</returns>
    /// <remarks>
    /// Without <see cref="RedisStreamSinkOptions.Configuration"/>, the sink uses the <see cref="IConnectionMultiplexer"/> in the container. The options are
    /// validated when the silo starts: an <see cref="OptionsValidationException"/> lists every error.
    /// </remarks>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static ISiloBuilder AddKooDriveRedisStreamSink(this ISiloBuilder builder, Action<RedisStreamSinkOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        builder.Services.AddOptions<RedisStreamSinkOptions>().Configure(configure).ValidateOnStart();
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<RedisStreamSinkOptions>, Validation>());
        builder.Services.Replace(ServiceDescriptor.Singleton<IJobEventSink>(Create));
        return builder;
    }

    private static RedisStreamSink Create(IServiceProvider services)
    {
        RedisStreamSinkOptions options = services.GetRequiredService<IOptions<RedisStreamSinkOptions>>().Value;
        return options.Configuration is null && services.GetService<IConnectionMultiplexer>() is { } connection
            ? new RedisStreamSink(options, connection)
            : new RedisStreamSink(options);
    }

    private sealed class Validation(IServiceProviderIsService services) : IValidateOptions<RedisStreamSinkOptions>
    {
        public ValidateOptionsResult Validate(string? name, RedisStreamSinkOptions options)
        {
            string[] failures = [.. options.FindFailures(services.IsService(typeof(IConnectionMultiplexer)))];
            return failures.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
        }
    }
}
