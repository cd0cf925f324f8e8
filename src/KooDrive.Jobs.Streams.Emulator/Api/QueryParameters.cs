using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;

namespace KooDrive.Jobs.Streams.Emulator.Api;

/// <summary>The decoded query parameters of a request in their order.</summary>
internal sealed class QueryParameters
{
    private readonly List<KeyValuePair<string, string>> _pairs = [];

    public QueryParameters(string? query)
    {
        foreach (QueryStringEnumerable.EncodedNameValuePair pair in new QueryStringEnumerable(query))
        {
            _pairs.Add(new(pair.DecodeName().ToString(), pair.DecodeValue().ToString()));
        }
    }

    public IReadOnlyList<KeyValuePair<string, string>> Pairs => _pairs;

    public bool Contains(string name) => _pairs.Exists(pair => pair.Key == name);

    /// <summary>
    /// Returns an integer of 0 or more that occurs exactly once; otherwise <see langword="null"/>. A number above <see cref="long.MaxValue"/>
    /// counts as <see cref="long.MaxValue"/>, because the API has no maximum.
    /// </summary>
    public long? Integer(string name)
    {
        string? text = null;
        foreach ((string key, string value) in _pairs)
        {
            if (key == name)
            {
                if (text is not null)
                {
                    return null;
                }

                text = value;
            }
        }

        return text switch
        {
            null or "" => null,
            _ when long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long value) => value,
            _ when text.All(char.IsAsciiDigit) => long.MaxValue,
            _ => null,
        };
    }
}
