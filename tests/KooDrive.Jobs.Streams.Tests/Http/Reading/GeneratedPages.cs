using System.Globalization;
using System.Text;
using KooDrive.Jobs.Streams.Model;

namespace KooDrive.Jobs.Streams.Tests.Http.Reading;

/// <summary>
/// Responses of a server that is generated from a seed: it has its own order of members, spacing and formats (null or no member, text or
/// number), with exceptions. In damaged responses, bytes are changed, removed, or copied from elsewhere in the page.
/// </summary>
internal sealed class GeneratedPages
{
    private static readonly JobMember[] Members = [.. Enum.GetValues<JobMember>().Where(member => member is not JobMember.Unknown)];
    private static readonly string[] Unknowns =
        ["\"x\":1", "\"x\":\"y\"", "\"more\":{\"taskId\":\"no\",\"n\":[1,2]}", "\"f\":1.5e3", "\"b\":true", "\"name\":\"n\\u00e9\"", "\"ü\":null"];

    private readonly Random _random;
    private readonly string _colon;
    private readonly string _comma;
    private readonly string _between;
    private readonly JobMember[] _order;
    private readonly HashSet<JobMember> _asText;
    private readonly HashSet<JobMember> _asNull;
    private readonly string? _unknown;
    private readonly string? _resultCodes;
    private readonly bool _isLoose;
    private readonly double _oddity;

    public GeneratedPages(int seed)
    {
        _random = new Random(seed);
        _colon = Pick("", "", " ", "  ") + ":" + Pick("", "", " ", "\n");
        _comma = Pick("", "", " ") + "," + Pick("", "", " ", "\r\n\t");
        _between = Pick("", "", " ") + "," + Pick("", "", " ", "\n  ");
        _order = [.. Members];
        if (_random.Next(4) == 0)
        {
            _random.Shuffle(_order);
        }

        // Few members make short pages, and many of those in little time.
        _order = [.. _order.Where((member, i) => member is JobMember.TaskId || _random.Next(3) > 0)];
        _asText = [.. Members.Where(_ => _random.Next(4) == 0)];
        _asNull = [.. Members.Where(_ => _random.Next(3) == 0)];
        _unknown = _random.Next(3) == 0 ? Pick(Unknowns) : null;
        _isLoose = _random.Next(5) == 0;
        _resultCodes = _random.Next(3) == 0 ? "KD" : null;
        _oddity = Pick(0.0, 0.0, 0.0, 0.01, 0.04);
    }

    public byte[] Whole()
    {
        string jobs = string.Join(_between, Enumerable.Range(0, _random.Next(8)).Select(_ => Job()));
        return Encoding.UTF8.GetBytes(_random.Next(2) == 0
            ? $$"""{"code"{{_colon}}0,"msg":"OK","data":[{{jobs}}]}"""
            : $$"""{"data"{{_colon}}[ {{jobs}} ],"code":"0"}""");
    }

    public byte[] Damaged(byte[] whole)
    {
        byte[] page = [.. whole];
        for (int times = _random.Next(1, 4); times > 0; times--)
        {
            int from = _random.Next(page.Length), to = _random.Next(page.Length), length = _random.Next(1, Math.Min(24, page.Length - Math.Max(from, to) + 1));
            switch (_random.Next(24))
            {
                case 0: page[to] = (byte)_random.Next(256); break;
                case 1: page.AsSpan(from, length).CopyTo(page.AsSpan(to)); break;
                case 2: page = [.. page[..to], .. page[from..(from + length)], .. page[to..]]; break;
                case 3: page = [.. page[..to], .. page[(to + length)..]]; break;

                // A letter for a letter or a digit for a digit leaves it JSON, mostly.
                default: page[to] = AreAlike((char)page[from], (char)page[to]) ? page[from] : page[to]; break;
            }
        }

        return _random.Next(20) == 0 ? page[..(_random.Next(page.Length))] : page;
    }

    private static bool AreAlike(char one, char other) =>
        (char.IsAsciiDigit(one) && char.IsAsciiDigit(other)) || (char.IsAsciiLetter(one) && char.IsAsciiLetter(other));

    private string Job()
    {
        var members = _order.Select(Member).OfType<string>().ToList();
        if (_unknown is not null)
        {
            members.Insert(members.Count / 2, IsOdd() ? Pick(Unknowns) : _unknown);
        }

        if (_isLoose)
        {
            Rearrange(members);
        }

        return $"{{{string.Join(_comma, members)}}}";
    }

    /// <summary>Swaps two neighbors, duplicates a member, or removes one.</summary>
    private void Rearrange(List<string> members)
    {
        int index = _random.Next(members.Count);
        switch (_random.Next(12))
        {
            case < 4 when index > 0: (members[index - 1], members[index]) = (members[index], members[index - 1]); break;
            case 4: members.Insert(Math.Max(0, index - 1), members[index]); break;
            case 5: members.RemoveAt(index); break;
        }
    }

    private string? Member(JobMember member)
    {
        bool isAbsent = member is not JobMember.TaskId && _random.Next(5) == 0;
        string name = JobMembers.NameOf(member);
        return isAbsent && !_asNull.Contains(member) ? null : $"\"{name}\"{_colon}{(isAbsent ? Pick("null", "null", "\"\"") : Value(member))}";
    }

    private string Value(JobMember member)
    {
        if (IsOdd())
        {
            return Pick(
                "\"\\u0031\"", "-7", "\"007\"", "1e2", "\"né\"", "\"\"", "null", "true", "[]", "01", "1234567890123456789012", "\"a\\\"b\"",
                "\"SUCCESS\"", "\"13A\"", "\"\\ud800\"", "45.5", "{\"taskId\":1}", "\"20230229000000\"");
        }

        string number = _random.Next(4) switch
        {
            0 => _random.NextInt64().ToString(CultureInfo.InvariantCulture),
            1 => "0",
            _ => _random.Next(600).ToString(CultureInfo.InvariantCulture),
        };
        return member switch
        {
            JobMember.TaskId => IsText(member) ? $"\"{_random.NextInt64()}\"" : $"{_random.NextInt64()}",
            JobMember.BeginTime or JobMember.EndTime or JobMember.CreateTime =>
                $"\"202{_random.Next(9)}{_random.Next(1, 13):00}{_random.Next(1, 30):00}{_random.Next(24):00}{_random.Next(60):00}{_random.Next(60):00}\"",
            JobMember.ContainerId or JobMember.TenantId or JobMember.UserId => $"\"space-{_random.Next(3)}\"",
            JobMember.TaskName or JobMember.DownloadUrl => $"\"https://x/{_random.Next()}?a=b&c\"",
            JobMember.ResultCode when _resultCodes is not null => $"\"{_resultCodes}.{_random.Next(9)}\"",
            JobMember.ResultCode or JobMember.ContentNum => IsText(member) ? $"\"{number}\"" : number,
            _ => IsText(member) ? $"\"{_random.Next(600)}\"" : $"{_random.Next(600)}",
        };
    }

    private bool IsText(JobMember member) => _asText.Contains(member) || IsOdd();

    private bool IsOdd() => _random.NextDouble() < _oddity;

    private T Pick<T>(params T[] choices) => choices[_random.Next(choices.Length)];
}
