namespace KooDrive.Jobs.Streams.Cli.Output;

/// <summary>The documented error codes of the API, which are also the result codes of jobs.</summary>
internal static class ResultCodes
{
    /// <summary>Returns what a code means; null for a code that is not documented.</summary>
    public static string? Explain(long? code) => code switch
    {
        13000102 => "a parameter is invalid",
        13000301 => "the space was not found or is abnormal",
        13000302 => "the file is not in the space",
        13000303 => "the file is not in the recycle bin",
        13000304 => "the target folder is abnormal",
        13000305 => "the target folder is in the recycle bin",
        13000306 => "the file is in the recycle bin",
        13000307 => "a folder cannot be moved into itself or its subfolders",
        13000308 => "the metadata of the file is invalid",
        13000309 => "the resource does not exist",
        13000310 => "the folders are nested too deeply",
        13000311 => "the space has no storage left",
        13000312 => "the file is already in the target folder",
        13000401 => "the upload does not exist",
        13000402 => "the integrity check of the file failed",
        13000403 => "the state of the file could not be changed",
        13000404 => "the parent folder is in the recycle bin",
        13000405 => "a file with this name exists already",
        13000406 => "the operation is not available for folders",
        13000407 => "there is no download address",
        13000408 => "the download failed",
        13000409 => "the upload failed",
        13000410 => "the user has no permission for the space",
        13000411 => "the file is not in the space",
        13000412 => "the space is not active",
        13000413 or 13000414 => "the type of the search is invalid",
        _ => null,
    };
}
