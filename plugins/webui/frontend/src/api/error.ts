/** A refusal of the daemon, in the words that it gave. */
export class ApiError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly status: number,
    readonly details: Record<string, unknown> = {},
  ) {
    super(message);
    this.name = "ApiError";
  }
}

/** Read the refusal in an answer; a body that is none of ours still gives words. */
export async function refusalOf(answer: Response): Promise<ApiError> {
  const body: unknown = await answer.json().catch(() => null);
  if (isRefusal(body)) return new ApiError(body.code, body.message, answer.status, body.details);
  return new ApiError("http_error", `HTTP ${String(answer.status)}`, answer.status);
}

function isRefusal(body: unknown): body is { code: string; message: string; details?: Record<string, unknown> } {
  return typeof body === "object" && body !== null && "code" in body && "message" in body;
}
