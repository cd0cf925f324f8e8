namespace KooDrive.Jobs.Streams.Hosting;

/// <summary>Finds the name that was probably meant.</summary>
internal static class NearestName
{
    /// <summary>Returns the name with the smallest edit distance; the first of several.</summary>
    public static string Of(string text, IEnumerable<string> names) => names.MinBy(name => Distance(text, name))!;

    /// <summary>
    /// Returns the number of characters to insert, delete, replace or swap with their neighbor to change one text into the other, regardless of case.
    /// </summary>
    public static int Distance(string from, string to)
    {
        int[,] costs = new int[from.Length + 1, to.Length + 1];
        for (int i = 0; i <= from.Length; i++)
        {
            for (int j = 0; j <= to.Length; j++)
            {
                costs[i, j] = i == 0 || j == 0 ? i + j : Smallest(i, j);
            }
        }

        return costs[from.Length, to.Length];

        int Smallest(int i, int j)
        {
            int replaced = costs[i - 1, j - 1] + (IsSame(i, j) ? 0 : 1);
            int changed = Math.Min(replaced, Math.Min(costs[i - 1, j], costs[i, j - 1]) + 1);
            return i > 1 && j > 1 && IsSame(i, j - 1) && IsSame(i - 1, j) ? Math.Min(changed, costs[i - 2, j - 2] + 1) : changed;
        }

        bool IsSame(int i, int j) => char.ToUpperInvariant(from[i - 1]) == char.ToUpperInvariant(to[j - 1]);
    }
}
