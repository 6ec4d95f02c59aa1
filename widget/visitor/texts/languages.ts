/**
 * The languages there are sentences for, and "Chat" in those that write it in a way of their own. The button says no
 * more than that and the shop's name, so that a page view costs one word and not thirteen files.
 */

export const KNOWN = "en de fr es pt it nl pl tr ar he ja zh";

export const CHAT: Record<string, string> = { pl: "Czat", tr: "Sohbet", ar: "محادثة", he: "צ׳אט", ja: "チャット", zh: "聊天" };

export const RIGHT_TO_LEFT = "ar he";
